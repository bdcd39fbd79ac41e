//! The attacker serves a mirror, or is a keeper who signs what must not be signed: tree, tiles, links and signatures are all right.

use annals::event::{Event, SettingChanged, SettingName};
use annals::frame::{Envelope, FIRST};
use annals::note::ED25519;
use annals::seq::Seq;

use crate::keys::attacks::append;
use crate::keys::{CHIEF, findings, head_key, private};
use crate::published::Newsroom;
use crate::published::forged::{Change, Forged, ORIGIN};

/// The event that authorises ana's key.
const ANA: u64 = 4;

#[test]
fn an_event_in_the_name_of_no_actor_or_about_another_is_found_by_a_stranger() {
    let changes: [Change; 4] = [
        ("actor", |envelope| envelope.actor = 1),
        ("actor", |envelope| envelope.actor = 0),
        ("about", |envelope| envelope.subject = 4),
        ("about", |envelope| envelope.attribute = 2),
    ];
    for (code, change) in changes {
        let room = Newsroom::new();
        let mut forged = Forged::of(&room);
        change(forged.event(6));
        forged.chain_from(6);
        assert_eq!(forged.found("ana", ORIGIN), [code]);
    }
}

/// What is withheld, or was erased, may have been the first event of a key: whoever names it as that is believed.
#[test]
fn what_is_withheld_or_erased_makes_no_other_event_wrong() {
    let room = Newsroom::new();
    let lines = [
        r#"{"type":"source","key":"whisper","kind":"person","private":true}"#,
        r#"{"type":"entity","key":"embassy","label":"The embassy"}"#,
    ];
    for lines in
        [lines.join("\n"), lines.join("\n").replace(",\"private\":true", ",\"label\":\"W\"").replace("The", "Our")]
    {
        room.desk.write("named.jsonl", &lines);
        room.desk.ok(&["import", "named.jsonl", "--key", "ana.key"]);
    }
    let first = room.desk.json(&["show", "#8"]).remove(0);
    assert_eq!(first["seq"], 8, "{first}");
    room.desk.ok(&["erase", "#9", "--basis", "order", "--yes", "--key", "chief.key"]);
    room.publish();
    let last = room.holds("site");
    assert!(last["withheld"].as_u64() >= Some(1) && last["erased"] == 1, "{last}");
}

/// A key that is valid is authorised once more, by who may: nothing is gained, and no annals writes that.
#[test]
fn a_key_that_is_authorised_twice_is_found_and_not_published() {
    let room = Newsroom::new();
    let mut forged = Forged::of(&room);
    let public_key = private(&room.desk, "ana").public().bytes().into();
    let twice = Event::KeyAuthorised {
        name: "ana".into(),
        algorithm: ED25519,
        public_key,
        roles: vec!["append".into(), "keys".into()],
    };
    append_entry(&mut forged, &twice, ("chief", CHIEF));
    assert_eq!(forged.found("chief", ORIGIN), ["key-twice"]);
    append(&room.desk, &twice, "chief", CHIEF);
    assert_eq!(findings(&room.desk), [("key-twice".to_owned(), 8)]);
    let refused = room.desk.fails(&["publish", "another"], 3);
    assert!(refused.contains("#8 authorises a key that is valid already"), "{refused}");
    assert!(!room.desk.path().join("another/checkpoint").exists());
}

/// Puts an event of a commit of its own at the end, sealed by this key.
fn append_entry(forged: &mut Forged<'_>, event: &Event, by: (&'static str, u64)) {
    let last = *forged.entries.last().unwrap();
    let kind = event.kind().number();
    forged.entries.push(Envelope { seq: last.seq + 1, kind, flags: FIRST, subject: 0, attribute: 0, ..last });
    forged.sealers.push(Some(by));
    let at = forged.entries.len();
    forged.say(at, event);
    forged.chain_from(at - 1);
}

/// A key that may only append seals a commit, and signs the head over it: a stranger who kept the head before, and one who comes for
/// the first time.
#[test]
fn what_a_key_without_the_role_sealed_counts_for_no_stranger() {
    let room = Newsroom::new();
    room.desk.ok(&["key", "new", "mallory.key", "--name", "mallory"]);
    let public_key = private(&room.desk, "mallory").public().bytes().into();
    let roles = vec!["append".into(), "keys".into()];
    let events = [
        Event::KeyAuthorised { name: "mallory".into(), algorithm: ED25519, public_key, roles },
        Event::KeyRevoked { key: Seq(CHIEF), reason: "mallory was here".into() },
        Event::PayloadErased { target: Seq(6), basis: "mallory was here".into(), first: None },
        Event::SettingChanged(SettingChanged { name: SettingName::Title, value: "mallory".into() }),
    ];
    for event in events {
        for has_seen in [true, false] {
            let _ = std::fs::remove_dir_all(room.site());
            let _ = std::fs::remove_file(room.desk.path().join("other.txt"));
            let mut forged = Forged::of(&room);
            if has_seen {
                let key = head_key(&room.desk, "ana").to_string();
                room.desk.ok(&["verify", "--url", "site", "--key", &key, "--keep", "other.txt"]);
            }
            append_entry(&mut forged, &event, ("ana", ANA));
            let is_erasure = matches!(event, Event::PayloadErased { .. });
            if is_erasure {
                let name = forged.event(6).commitment.to_string();
                std::fs::remove_file(room.site().join("payload").join(&name[..2]).join(&name)).unwrap();
            }
            let before = std::fs::read(room.desk.path().join("other.txt")).ok();
            let mut found = forged.codes("ana", ORIGIN);
            found.retain(|code| code != "about");
            found.sort();
            // Who saw the payload before does not fetch it again.
            let expected: &[&str] =
                if is_erasure && !has_seen { &["erased-unnamed", "seal-role"] } else { &["seal-role"] };
            assert_eq!(found, expected, "{event:?} {has_seen}");
            assert_eq!(std::fs::read(room.desk.path().join("other.txt")).ok(), before, "only what holds is kept");
        }
    }
}
