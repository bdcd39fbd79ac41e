//! Policies are read as they are written, and attackers do not pass them.

use super::*;
use crate::chain::Hash;
use crate::note::{NoteSignature, PrivateKey, base64};

const LOG: &str = "example.org/siege";

fn private(name: &str) -> PrivateKey {
    let seed = crate::chain::digest(name.as_bytes()).0;
    PrivateKey::of_seed(name, &seed).unwrap()
}

/// The key with which a witness of this name cosigns.
fn witness(name: &str) -> PublicKey {
    PublicKey::of_algorithm(name, 4, private(name).public().bytes()).unwrap()
}

fn checkpoint(size: u64) -> Checkpoint {
    Checkpoint { origin: LOG.into(), size, root: Hash([9; 32]) }
}

/// A cosignature by the key of one name, in the name of another.
fn cosigned(by: &str, named: &PublicKey, time: u64, checkpoint: &Checkpoint) -> NoteSignature {
    let signature = private(by).sign(format!("cosignature/v1\ntime {time}\n{checkpoint}").as_bytes());
    NoteSignature::of(named, &[time.to_be_bytes().as_slice(), &signature].concat())
}

/// The head of 412 events, signed by its log.
fn head() -> SignedNote {
    let text = checkpoint(412).to_string();
    let own = NoteSignature::of(&private(LOG).public(), &private(LOG).sign(text.as_bytes()));
    SignedNote::new(text, vec![own])
}

/// The same, cosigned by each of these at a time of its own.
fn cosigned_by(names: &[&str]) -> SignedNote {
    let with = |note: SignedNote, (place, name): (usize, &&str)| {
        note.with_newer(cosigned(name, &witness(name), 1_700_000_000 + place as u64, &checkpoint(412)))
    };
    names.iter().enumerate().fold(head(), with)
}

fn parsed(text: &str) -> Result<Policy, String> {
    Policy::parse(text.as_bytes())
}

/// Two of three of X, and one of two of Y.
fn policy() -> Policy {
    let lines = ["x1", "x2", "x3", "y1", "y2"].map(|name| format!("witness {name} {}\n", witness(name)));
    let text = format!(
        "# as in the specification\n\n\t log\t{} \n{}group X 2 x1 x2 x3\ngroup Y any y1 y2\ngroup both all X Y\nquorum both\n",
        private(LOG).public(),
        lines.concat()
    );
    parsed(&text).unwrap()
}

fn is_reached(note: &SignedNote) -> bool {
    policy().judge(note).is_ok_and(|judged| judged.is_reached)
}

#[test]
fn enough_witnesses_of_every_group_are_needed() {
    for (names, expected) in [
        (&["x1", "x2", "y1"][..], true),
        (&["x3", "x1", "y2", "y1", "x2"], true),
        (&["x1", "x2"], false),
        (&["x1", "y1"], false),
        (&["y1", "y2"], false),
        (&["z", "x1", "y1"], false),
        (&[], false),
    ] {
        assert_eq!(is_reached(&cosigned_by(names)), expected, "{names:?}");
    }
    let policy = policy();
    let judged = policy.judge(&cosigned_by(&["y2", "x1", "x2"])).unwrap().reached().unwrap();
    let told: Vec<_> = judged.witnesses.iter().map(|(witness, at)| (witness.name(), at.unwrap())).collect();
    assert_eq!(told, [("x1".into(), 1_700_000_001), ("x2".into(), 1_700_000_002), ("y2".into(), 1_700_000_000)]);
    assert_eq!((judged.log, &*judged.quorum), (Some(&private(LOG).public()), "both"));
    let why = policy.judge(&cosigned_by(&["x1"])).unwrap().reached().unwrap_err();
    assert_eq!(why, "the quorum both is not reached: it is cosigned only by x1");
}

#[test]
fn a_witness_is_counted_once() {
    let twice = cosigned_by(&["x1", "y1"]);
    let again = cosigned("x1", &witness("x1"), 9, &checkpoint(412));
    let lines: Vec<_> = twice.signatures().iter().cloned().chain([again]).collect();
    assert!(!is_reached(&SignedNote::new(twice.text().to_owned(), lines)));
    let key = witness("x1");
    let renamed = PublicKey::of_algorithm("other", 4, key.bytes()).unwrap();
    let why = parsed(&format!("witness a {key}\nwitness b {renamed}\nquorum a\n")).unwrap_err();
    assert!(why.contains("counted twice"), "{why}");
    for more in ["group g all a a", "group g all a\ngroup h all a", "group g all a\ngroup h any g g"] {
        assert!(parsed(&format!("witness a {key}\n{more}\nquorum a\n")).is_err(), "{more}");
    }
}

/// Each of them takes the place of a cosignature that is needed.
#[test]
fn no_attacker_stands_in_for_a_witness() {
    let most = cosigned_by(&["x1", "x2"]);
    let with = |line: NoteSignature| most.clone().with_newer(line);
    assert!(is_reached(&with(cosigned("y1", &witness("y1"), 7, &checkpoint(412)))), "the attacks fail for a reason");
    let other_root = Checkpoint { root: Hash([8; 32]), ..checkpoint(412) };
    let other_log = Checkpoint { origin: "example.org/other".into(), ..checkpoint(412) };
    let replayed = [checkpoint(411), checkpoint(413), other_root, other_log];
    for line in replayed.map(|seen| cosigned("y1", &witness("y1"), 7, &seen)) {
        assert!(policy().judge(&with(line)).is_err_and(|why| why.contains("y1 is not its")));
    }
    // Another key under the witness's name and id: found, for the whole key is known.
    assert!(policy().judge(&with(cosigned("mallory", &witness("y1"), 7, &checkpoint(412)))).is_err());
    // Another time than the one that was signed.
    let line = cosigned("y1", &witness("y1"), 7, &checkpoint(412)).to_bytes();
    let moved = [&line[..4], &8_u64.to_be_bytes(), &line[12..]].concat();
    let moved = NoteSignature::parse(&format!("\u{2014} y1 {}", base64(&moved))).unwrap();
    assert!(policy().judge(&with(moved)).is_err());
    // Another key with another id, under the same name, is nobody, and so is the witness's signature of another type.
    let mallory = PublicKey::of_algorithm("y1", 4, private("mallory").public().bytes()).unwrap();
    assert!(!is_reached(&with(cosigned("mallory", &mallory, 7, &checkpoint(412)))));
    let plain = NoteSignature::of(&private("y1").public(), &private("y1").sign(most.text().as_bytes()));
    assert!(!is_reached(&with(plain)));
}

#[test]
fn the_log_must_have_signed_under_its_own_name() {
    let cosigned = cosigned_by(&["x1", "x2", "y1"]);
    let lines = cosigned.signatures().get(1..).unwrap().to_vec();
    assert!(
        policy().judge(&SignedNote::new(cosigned.text().to_owned(), lines)).is_err_and(|why| why.contains("no key"))
    );
    let forged = NoteSignature::of(&private(LOG).public(), &private("mallory").sign(cosigned.text().as_bytes()));
    let lines = [&[forged], cosigned.signatures().get(1..).unwrap()].concat();
    let note = SignedNote::new(cosigned.text().to_owned(), lines);
    assert!(policy().judge(&note).is_err_and(|why| why.contains("is not its")));
    let other = parsed(&format!("log {}\nquorum none\n", private("example.org/other").public())).unwrap();
    assert!(other.judge(&cosigned).is_err_and(|why| why.contains("names no log")));
    // Under the log's name, but of another log: a key of that name must have signed.
    let other = parsed(&format!("log {}\nquorum none\n", private("mallory").public().named(LOG).unwrap())).unwrap();
    assert!(other.judge(&cosigned).is_err());
    let any = parsed("quorum none\n").unwrap();
    assert!(!any.names_logs() && any.judge(&head()).unwrap().reached().is_ok());
}

#[test]
fn what_is_no_policy_is_told_with_its_line() {
    let (log, key) = (private(LOG).public(), witness("x1"));
    let own = PublicKey::of_algorithm("own", 4, log.bytes()).unwrap();
    let mut wrong_id = key.to_string();
    wrong_id.replace_range(3..11, "00000000");
    for (text, why) in [
        (format!("witness a {key}\nquorum a"), "no end"),
        (format!("witness a {key}\n"), "no line `quorum`"),
        (format!("witness a {key}\nquorum a\nquorum a\n"), "line 3"),
        ("quorum a\n".to_owned(), "line 1: no witness"),
        (format!("quorum a\nwitness a {key}\n"), "line 1"),
        (format!("witness none {key}\nquorum none\n"), "is taken"),
        (format!("witness a {key}\ngroup a all a\nquorum a\n"), "is taken"),
        (format!("witness a {key}\ngroup g 0 a\nquorum g\n"), "from 1"),
        (format!("witness a {key}\ngroup g 2 a\nquorum g\n"), "from 1"),
        (format!("witness a {key}\ngroup g 01 a\nquorum g\n"), "from 1"),
        (format!("witness a {key}\ngroup g all\nquorum g\n"), "from 1"),
        (format!("witness a {key}\ngroup g all none\nquorum g\n"), "called"),
        (format!("witness a {key} https://a b\nquorum a\n"), "behind the address"),
        (format!("witness a {wrong_id}\nquorum a\n"), "no key"),
        (format!("witness a {log}\nquorum a\n"), "none of a witness"),
        (format!("log {log}\nlog {}\nquorum none\n", log.named("b").unwrap()), "already"),
        (format!("log {log}\nwitness w {own}\nquorum w\n"), "log's own key"),
        ("Quorum none\n".to_owned(), "no line of a policy"),
        ("quorum none\r\n".to_owned(), "0x0d"),
        ("quorum none\n# \u{7f}\n".to_owned(), "0x7f"),
    ] {
        let told = parsed(&text).unwrap_err();
        assert!(told.contains(why), "{text}: {told}");
    }
    assert!(Policy::parse(&vec![b'\n'; 1 << 21]).is_err());
}

#[test]
fn names_are_bytes_and_keys_of_algorithms_to_come_are_passed_over() {
    let key = witness("x1");
    let behind = b" https://x1.example/\nquorum \xffk\n".as_slice();
    let text = [b"witness \xffk ", key.to_string().as_bytes(), behind].concat();
    let policy = Policy::parse(&text).unwrap();
    assert_eq!(policy.witnesses()[0].url(), Some("https://x1.example/"));
    let new = base64(&[&[9], [5; 100].as_slice()].concat());
    let text = format!("witness new new+00000000+{new}\nwitness x1 {key}\ngroup g any new x1\nquorum g\n");
    let policy = parsed(&text).unwrap();
    assert!(policy.judge(&cosigned_by(&["x1"])).unwrap().is_reached);
    let why = policy.judge(&head()).unwrap().reached().unwrap_err();
    assert!(why.contains("nothing is known here: new"), "{why}");
}
