//! What is written, and when; also by those who are killed, or two at once.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use super::*;
use crate::support::{Random, err};

#[test]
fn only_what_is_new_is_written_and_only_what_is_covered_goes() {
    let room = Newsroom::new();
    let first = room.publish();
    assert_eq!((&first["size"], &first["before"]), (&Value::from(7), &Value::from(0)));
    let before = files(&room.site());
    assert_eq!(payloads(&before).len(), 7);
    let named: BTreeSet<&str> =
        before.keys().map(String::as_str).filter(|path| !path.starts_with("payload/")).collect();
    assert_eq!(
        named,
        BTreeSet::from(["checkpoint", "ledger.txt", "seals/000.p/7", "tile/0/000.p/7", "tile/entries/000.p/7"])
    );
    assert_eq!(before["checkpoint"], room.desk.ok(&["head"]).into_bytes());
    assert_eq!(room.publish()["files_written"], 0);
    assert_eq!(files(&room.site()), before);

    room.notes(600);
    let second = room.publish();
    // Two full tiles and bundles, one of each that is open, the tile above, the head, the payloads, and the seals under the
    // first bundle and under the last.
    assert_eq!((&second["before"], &second["files_written"]), (&Value::from(7), &Value::from(600 + 4 + 2 + 1 + 1 + 2)));
    let after = files(&room.site());
    for path in ["seals/000.p/7", "tile/0/000.p/7", "tile/entries/000.p/7"] {
        assert!(!after.contains_key(path), "the full one is there");
    }
    let stays = |(path, bytes): &(&String, &Vec<u8>)| after.get(*path) != Some(bytes);
    let gone: Vec<_> = before.iter().filter(stays).map(|(path, _)| path.as_str()).collect();
    assert_eq!(gone, ["checkpoint", "seals/000.p/7", "tile/0/000.p/7", "tile/entries/000.p/7"]);

    // Published at once, the same files are there but for partial tiles of earlier heads.
    room.desk.ok(&["publish", "anew"]);
    assert_eq!(files(&room.desk.path().join("anew")), after);
}

#[test]
fn what_was_erased_is_taken_away() {
    let room = Newsroom::new();
    room.publish();
    let before = files(&room.site());
    room.erase("#6");
    let published = room.publish();
    assert_eq!(published["files_removed"], 1, "{published}");
    let after = files(&room.site());
    let gone: Vec<_> = payloads(&before).into_iter().filter(|path| !after.contains_key(*path)).collect();
    assert_eq!(gone.len(), 1);
    let text = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).contains("note 1");
    assert!(before.values().any(text) && !after.values().any(text), "nobody is served it any more");
    // What was never published is not published later either.
    room.desk.ok(&["note", "a name", "--key", "ana.key"]);
    room.erase("#9");
    room.publish();
    assert!(!files(&room.site()).values().any(|bytes| String::from_utf8_lossy(bytes).contains("a name")));
    assert_eq!(room.follow(room.site().to_str().unwrap(), &[]).0, [""; 0]);
}

#[test]
fn what_was_changed_in_the_folder_is_mended() {
    let room = Newsroom::new();
    room.notes(600);
    room.publish();
    let whole = files(&room.site());
    // What is added to is looked at every time.
    for path in ["tile/0/002.p/95", "tile/1/000.p/2", "tile/entries/002.p/95"] {
        fs::write(room.site().join(path), "x").unwrap();
        room.publish();
        assert_eq!(files(&room.site()), whole, "{path}");
    }
    // The rest only if that is asked for.
    let payload = payloads(&whole)[5];
    for path in ["tile/0/001", "tile/entries/000", payload] {
        fs::write(room.site().join(path), "x").unwrap();
        room.publish();
        assert_ne!(files(&room.site()), whole, "{path}");
        room.desk.ok(&["publish", "site", "--whole"]);
        assert_eq!(files(&room.site()), whole, "{path}");
    }
}

#[test]
fn a_folder_of_something_else_is_refused() {
    let room = Newsroom::new();
    let unsigned = Desk::with_ledger();
    let refused = unsigned.fails(&["publish", "site"], 3);
    assert!(refused.contains("not signed") && refused.contains("key authorise"), "{refused}");
    assert!(!unsigned.path().join("site").exists());
    for (folder, what) in
        [("ledger/site", "is inside"), ("ledger", "is inside"), (".", "contains"), ("none/../ledger/x", "is inside")]
    {
        let refused = room.desk.fails(&["publish", folder], 3);
        assert!(refused.contains(what), "{folder}: {refused}");
    }
    room.desk.write("file", "x");
    room.desk.fails(&["publish", "file"], 3);
    fs::create_dir(room.desk.path().join("full")).unwrap();
    room.desk.write("full/thesis.txt", "x");
    assert!(room.desk.fails(&["publish", "full"], 3).contains("is not empty"));
    assert_eq!(files(&room.desk.path().join("full")).len(), 1);

    let other = Newsroom::new();
    other.desk.ok(&["publish", room.site().to_str().unwrap()]);
    let before = files(&room.site());
    assert!(room.desk.fails(&["publish", "site"], 3).contains("another ledger"), "of the same name");
    assert_eq!(files(&room.site()), before);
}

#[test]
fn a_folder_that_is_ahead_or_shows_another_past_is_refused() {
    let room = Newsroom::new();
    let earlier = room.desk.path().join("earlier");
    copy_folder(&room.desk.path().join("ledger"), &earlier);
    room.notes(5);
    room.publish();
    let before = files(&room.site());
    let set_back = room.desk.fails(&["--ledger", "earlier", "publish", "site"], 3);
    assert!(set_back.contains("has 12 events, and the ledger only 7"), "{set_back}");
    room.desk.ok(&["--ledger", "earlier", "note", "another past", "--key", "ana.key"]);
    let line = |number: usize| format!(r#"{{"type":"note","text":"x {number}"}}"#);
    room.desk.write("x.jsonl", &(0..9).map(line).collect::<Vec<_>>().join("\n"));
    room.desk.ok(&["--ledger", "earlier", "import", "x.jsonl", "--key", "ana.key"]);
    let forked = room.desk.fails(&["--ledger", "earlier", "publish", "site"], 3);
    assert!(forked.contains("it was rewritten"), "{forked}");
    assert_eq!(files(&room.site()), before);
    fs::write(room.site().join("checkpoint"), "no head").unwrap();
    assert!(room.desk.fails(&["publish", "site"], 3).contains("no head of example.org/siege"));
}

/// Somebody else who can write to the folder has not rewritten the ledger.
#[test]
fn a_checkpoint_that_was_altered_where_it_lies_is_told_from_another_past() {
    let room = Newsroom::new();
    room.publish();
    room.notes(5);
    room.publish();
    let whole = files(&room.site());
    let path = room.site().join("checkpoint");
    let text = String::from_utf8(whole["checkpoint"].clone()).unwrap();
    for altered in [text.replacen("\n12\n", "\n11\n", 1), text.replacen("\n12\n", "\n90\n", 1)] {
        fs::write(&path, &altered).unwrap();
        let told = room.desk.fails(&["publish", "site"], 3);
        assert!(told.contains("was altered: no key of this ledger signed it; `--whole` writes it anew"), "{told}");
        assert_eq!(fs::read_to_string(&path).unwrap(), altered);
        room.desk.ok(&["publish", "site", "--whole"]);
        assert_eq!(files(&room.site()), whole);
    }
    // A key that only the newer ledger knows may have signed it: readers may have that head.
    let strange = altered_signer(&text.replacen("\n12\n", "\n90\n", 1));
    fs::write(&path, &strange).unwrap();
    for args in [&["publish", "site"][..], &["publish", "site", "--whole"]] {
        assert!(room.desk.fails(args, 3).contains("of a key that it does not know"));
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), strange);
}

/// The checkpoint as if a key with another id had signed it.
fn altered_signer(checkpoint: &str) -> String {
    let (text, line) = checkpoint.split_once("\n\n").unwrap();
    let (name, signature) = line.rsplit_once(' ').unwrap();
    let other = if signature.starts_with('A') { "B" } else { "A" };
    format!("{text}\n\n{name} {other}{}", &signature[1..])
}

#[test]
fn what_is_said_to_people_in_the_folder_is_mended() {
    let room = Newsroom::new();
    room.publish();
    let whole = files(&room.site());
    let path = room.site().join("ledger.txt");
    let text = String::from_utf8(whole["ledger.txt"].clone()).unwrap();
    let lines: Vec<&str> = text.lines().take(3).collect();
    for altered in [text.replacen("is made to be", "is made to bE", 1), lines.join("\n"), text.clone() + "\u{fffd}x"] {
        assert_ne!(altered, text);
        fs::write(&path, altered).unwrap();
        room.publish();
        assert_eq!(files(&room.site()), whole);
    }
    let id = lines[2];
    let other = format!("{}{}", if id.starts_with('0') { "1" } else { "0" }, &id[1..]);
    for (altered, why) in [
        (text.replacen("siege", "sieGe", 1), "another ledger"),
        (text.replacen(id, &other, 1), "another ledger"),
        (text.replacen("ledger 1", "ledger 2", 1), "a later annals may have written it"),
    ] {
        fs::write(&path, &altered).unwrap();
        assert!(room.desk.fails(&["publish", "site"], 3).contains(why), "{altered}");
        assert_eq!(fs::read_to_string(&path).unwrap(), altered);
    }
}

#[test]
fn two_at_once_do_no_harm() {
    let room = Newsroom::new();
    room.notes(2000);
    let start =
        || room.desk.command(&["publish", "site"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let both = [start(), start(), start()].map(|child| child.wait_with_output().unwrap());
    let done = both.iter().filter(|output| output.status.success()).count();
    let refused: Vec<_> = both.iter().filter(|output| !output.status.success()).collect();
    assert!(done >= 1);
    assert!(refused.iter().all(|output| output.status.code() == Some(3) && err(output).contains("is publishing into")));
    room.holds(room.site().to_str().unwrap());
}

#[test]
fn whoever_is_killed_is_finished_by_the_next() {
    let (mut random, seed) = Random::new();
    let room = Newsroom::new();
    for round in 0..6 {
        room.notes(400);
        if round % 2 == 1 {
            // One that was published, and one that is half published or not at all.
            room.erase(&format!("#{}", 50 + (round - 1) * 400));
            room.erase(&format!("#{}", 50 + round * 400));
        }
        for _ in 0..3 {
            let mut child =
                room.desk.command(&["publish", "site"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            thread::sleep(Duration::from_micros(random.below(120_000)));
            child.kill().unwrap();
            child.wait().unwrap();
            if room.site().join("checkpoint").exists() {
                let (wrong, last) = room.follow(room.site().to_str().unwrap(), &["--whole"]);
                // Killed just between taking away what is erased and the head that says so.
                let is_erasing = wrong.iter().all(|code| code == "erased-unnamed");
                assert!(is_erasing && wrong.len() <= 2, "seed {seed}, round {round}: {wrong:?} {last}");
            }
        }
        if round % 2 == 0 {
            room.publish();
        }
    }
    room.publish();
    room.desk.ok(&["publish", "anew"]);
    let (site, anew) = (files(&room.site()), files(&room.desk.path().join("anew")));
    assert!(payloads(&site) == payloads(&anew), "seed {seed}: what was erased is not there");
    for (path, bytes) in &anew {
        assert!(site.get(path) == Some(bytes), "seed {seed}: {path}");
    }
}

#[test]
fn a_damaged_ledger_is_not_published() {
    let room = Newsroom::new();
    room.publish();
    room.notes(3);
    let before = files(&room.site());
    let path = room.desk.path().join("ledger/log/000000000001.seg");
    let whole = fs::read(&path).unwrap();
    let mut changed = whole.clone();
    let text = changed.windows(6).rposition(|bytes| bytes == b"note 5").unwrap();
    changed[text] ^= 1;
    fs::write(&path, changed).unwrap();
    let refused = room.desk.fails(&["publish", "site"], 3);
    assert!(refused.contains("damaged") && refused.contains("annals verify"), "{refused}");
    assert_eq!(files(&room.site())["checkpoint"], before["checkpoint"]);
    fs::write(&path, whole).unwrap();
    room.publish();
    room.holds(room.site().to_str().unwrap());
}
