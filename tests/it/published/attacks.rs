//! Servers, and keepers, who mean no good. Each attack is played against a stranger who has seen an earlier head.

use std::time::{Duration, Instant};

use annals::chain::Hash;

use super::web::{Reply, Web};
use super::*;
use crate::support::err;

/// A ledger of some 300 events that is published and was followed up to there; then two more events are published.
fn followed() -> (Newsroom, Web) {
    let room = Newsroom::new();
    room.notes(290);
    room.publish();
    let web = Web::of(&room.site());
    room.holds(&web.url);
    room.notes(2);
    room.publish();
    (room, web)
}

/// Serves these bytes in place of the files whose paths begin so.
fn instead(web: &Web, start: &'static str, bytes: impl Fn() -> Reply + Send + Sync + 'static) {
    web.lies(move |path| path.starts_with(start).then(&bytes));
}

/// A second ledger that has the same first seven events, and then others; its folder, published.
fn fork(notes: usize) -> (Newsroom, PathBuf) {
    let room = Newsroom::new();
    copy_folder(&room.desk.path().join("ledger"), &room.desk.path().join("other"));
    room.notes(290);
    let lines: Vec<String> = (0..notes).map(|number| format!(r#"{{"type":"note","text":"other {number}"}}"#)).collect();
    room.desk.write("other.jsonl", &lines.join("\n"));
    room.desk.ok(&["--ledger", "other", "import", "other.jsonl", "--key", "ana.key"]);
    room.desk.ok(&["--ledger", "other", "publish", "forked"]);
    room.publish();
    let forked = room.desk.path().join("forked");
    (room, forked)
}

#[test]
fn a_fork_is_found_and_proved_by_the_two_heads() {
    for notes in [290, 400] {
        let (room, forked) = fork(notes);
        room.holds(room.site().to_str().unwrap());
        let kept = fs::read(room.desk.path().join("kept.txt")).unwrap();
        let (wrong, last) = room.follow(forked.to_str().unwrap(), &[]);
        assert_eq!((wrong, &last["forked"]), (vec!["forked".to_owned()], &Value::from(true)), "{notes}");
        assert_eq!(fs::read(room.desk.path().join("kept.txt")).unwrap(), kept, "what was kept stays");
        let other = fs::read(room.desk.path().join("kept.txt.contradicted-by")).unwrap();
        assert_eq!(other, fs::read(forked.join("checkpoint")).unwrap());
        // Whoever is shown only one of them sees nothing wrong.
        fs::remove_file(room.desk.path().join("kept.txt")).unwrap();
        room.holds(forked.to_str().unwrap());
        assert_eq!(room.follow(room.site().to_str().unwrap(), &[]).0.len(), 1);
    }
}

#[test]
fn a_shorter_ledger_is_refused() {
    let (room, web) = followed();
    let earlier = fs::read(room.site().join("checkpoint")).unwrap();
    room.holds(&web.url);
    room.notes(1);
    room.publish();
    room.holds(&web.url);
    // The end cut off at a commit: an old head, truly signed.
    instead(&web, "checkpoint", move || Reply::File(earlier.clone()));
    assert_eq!(room.follow(&web.url, &[]).0, ["shrunk"]);
}

#[test]
fn a_head_that_nobody_believed_signed_is_refused() {
    let (room, web) = followed();
    let text = fs::read_to_string(room.site().join("checkpoint")).unwrap();
    let other = Newsroom::new();
    other.publish();
    let by_another = fs::read_to_string(other.site().join("checkpoint")).unwrap();
    let unsigned = text.split("\n\n").next().unwrap().to_owned() + "\n";
    let another_size = text.replacen("\n299\n", "\n298\n", 1);
    for (lie, code) in [
        (by_another, "checkpoint-signature"),
        (another_size, "checkpoint-signature"),
        (unsigned, "checkpoint"),
        (String::new(), "checkpoint"),
        ("x".repeat(2000), "checkpoint"),
    ] {
        let bytes = lie.clone().into_bytes();
        instead(&web, "checkpoint", move || Reply::File(bytes.clone()));
        assert_eq!(room.follow(&web.url, &[]).0, [code], "{lie}");
    }
    instead(&web, "checkpoint", || Reply::None);
    assert_eq!(room.follow(&web.url, &[]).0, ["missing"]);
}

#[test]
fn altered_entries_tiles_and_payloads_are_found() {
    let (room, web) = followed();
    let read = |path: &str| fs::read(room.site().join(path)).unwrap();
    let changed = |path: &str, at: usize| {
        let mut bytes = read(path);
        bytes[at] ^= 1;
        bytes
    };
    // The envelope of event 298, the 42nd of its bundle: time, actor, what it stands on (judged with its seal, once the tree
    // leads to the root), commitment.
    let at = |offset: usize| 41 * 114 + 2 + offset;
    let bundle = "tile/entries/001.p/43";
    for (offset, expected) in [
        (16, vec!["prev", "root", "tile"]),
        (24, vec!["prev", "root", "tile"]),
        (48, vec!["prev", "root", "tile"]),
        (80, vec!["erased-unnamed", "prev", "root", "tile"]),
        (8, vec!["prev", "root", "seq", "tile"]),
        (0, vec!["envelope-version", "prev", "root", "tile"]),
    ] {
        let bytes = changed(bundle, at(offset));
        instead(&web, "tile/entries/001", move || Reply::File(bytes.clone()));
        let (mut wrong, _) = room.follow(&web.url, &[]);
        wrong.sort();
        wrong.retain(|code| code != "recorded-at");
        assert_eq!(wrong, expected, "byte {offset}");
    }
    // What was seen before is not what is served now, and so neither head can be reached.
    let bytes = changed(bundle, 2 + 16);
    instead(&web, "tile/entries/001", move || Reply::File(bytes.clone()));
    let (wrong, last) = room.follow(&web.url, &[]);
    assert_eq!((wrong, &last["forked"]), (vec!["tile".to_owned(), "root".into(), "kept".into()], &Value::from(false)));
    // Of a tile that only tells what the entries come to, and of one that is needed to reach them.
    for (path, expected) in [("tile/0/001.p/43", vec!["tile"]), ("tile/1/000.p/1", vec!["root", "kept"])] {
        let bytes = changed(path, 5);
        instead(&web, path, move || Reply::File(bytes.clone()));
        assert_eq!(room.follow(&web.url, &[]).0, expected, "{path}");
    }
    let all = files(&room.site());
    let last = payloads(&all).into_iter().find(|path| is_new(&room, path)).unwrap().clone();
    for (bytes, code) in [
        (changed(&last, 20), "payload"),
        (changed(&last, 3), "payload"),
        (all[&last][..20].to_vec(), "payload"),
        (Vec::new(), "payload"),
    ] {
        let path = last.clone();
        web.lies(move |asked| (asked == path).then(|| Reply::File(bytes.clone())));
        assert_eq!(room.follow(&web.url, &[]).0, [code]);
    }
    let path = last.clone();
    web.lies(move |asked| (asked == path).then_some(Reply::None));
    assert_eq!(room.follow(&web.url, &[]).0, ["erased-unnamed"], "a quiet erasure");
    web.lies(|_| None);
    room.holds(&web.url);
}

/// Whether a payload is of one of the two events that were published last.
fn is_new(room: &Newsroom, path: &str) -> bool {
    let bundle = fs::read(room.site().join("tile/entries/001.p/43")).unwrap();
    let commitment = |place: usize| Hash(bundle[place * 114 + 2 + 80..][..32].try_into().unwrap()).to_string();
    [41, 42].iter().any(|place| path.ends_with(&commitment(*place)))
}

#[test]
fn what_was_erased_must_not_be_served_any_more() {
    let (room, web) = followed();
    let all = files(&room.site());
    room.erase("#298");
    room.erase("#20");
    room.publish();
    web.lies(move |path| {
        all.get(path).filter(|_| path.starts_with("payload/")).map(|bytes| Reply::File(bytes.clone()))
    });
    assert_eq!(room.follow(&web.url, &[]).0, ["erasure-unfinished"; 2]);
    web.lies(|_| None);
    room.holds(&web.url);
}

#[test]
fn hostile_servers_neither_hold_up_nor_fill_a_stranger() {
    let (room, web) = followed();
    let keys = room.keys();
    let follow = || {
        let began = Instant::now();
        let output = room.desk.run(&["verify", "--url", &web.url, "--key", keys, "--keep", "kept.txt"]);
        assert!(began.elapsed() < Duration::from_secs(20));
        (output.status.code(), out(&output) + &err(&output))
    };
    for path in ["checkpoint", "tile/entries/", "tile/0/", "payload/"] {
        instead(&web, path, || Reply::Endless);
        let (code, said) = follow();
        assert!(code == Some(3) && said.contains("answered more than it may"), "{path}: {said}");
        instead(&web, path, || Reply::File(vec![b'a'; 3 << 20]));
        assert_eq!(follow().0, Some(3), "{path}");
        instead(&web, path, || Reply::Raw(b"garbage\r\n\r\n".to_vec()));
        assert_eq!(follow().0, Some(3), "{path}");
        instead(&web, path, || Reply::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\ncut".to_vec()));
        assert_eq!(follow().0, Some(3), "{path}");
        let empty = "Content-Length: 0\r\nConnection: close\r\n\r\n";
        let there = format!("HTTP/1.1 302 Found\r\nLocation: {}/checkpoint\r\n{empty}", web.url);
        instead(&web, "", move || Reply::Raw(there.clone().into_bytes()));
        let (code, said) = follow();
        assert!(code == Some(3) && said.contains("from one address to another"), "{path}: {said}");
        instead(&web, path, || {
            Reply::Raw(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec())
        });
        assert!(follow().1.contains("the status 503"), "{path}");
    }
    // A head may say that there are more events than any server has.
    for path in ["tile/0/001", "tile/entries/001"] {
        instead(&web, path, || Reply::File(Vec::new()));
        assert_eq!(follow().0, Some(1), "{path}");
    }
    web.lies(|_| None);
    assert_eq!(follow().0, Some(0), "and then it goes on");
}

#[test]
fn a_head_of_more_events_than_there_can_be_is_not_believed() {
    let (room, web) = followed();
    let text = fs::read_to_string(room.site().join("checkpoint")).unwrap();
    for size in ["300", "1000000000000000000", "9223372036854775808", "18446744073709551615"] {
        let lie = text.replacen("\n299\n", &format!("\n{size}\n"), 1).into_bytes();
        instead(&web, "checkpoint", move || Reply::File(lie.clone()));
        // Without a key nothing tells that the signature is not right.
        for keep in ["kept.txt", "new.txt"] {
            let output = room.desk.run(&["verify", "--url", &web.url, "--keep", keep]);
            assert_eq!(output.status.code(), Some(1), "{size}: {}{}", out(&output), err(&output));
            assert!(!room.desk.path().join("new.txt").exists());
        }
    }
}
