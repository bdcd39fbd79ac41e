//! Strangers who follow what is published.

use super::web::{Reply, Web};
use super::*;
use crate::keys::private;
use crate::support::err;

#[test]
fn a_stranger_follows_a_ledger_as_it_grows() {
    let room = Newsroom::new();
    room.notes(290);
    room.publish();
    let web = Web::of(&room.site());
    let first = room.holds(&web.url);
    assert_eq!((&first["size"], &first["before"]), (&Value::from(297), &Value::from(0)));
    assert!(first["signed_by"].as_str().unwrap().starts_with("example.org/siege+"));
    let kept = fs::read(room.desk.path().join("kept.txt")).unwrap();
    assert_eq!(kept, room.desk.ok(&["head"]).into_bytes(), "as it is signed");
    web.asked();

    assert_eq!(room.holds(&web.url)["before"], 297);
    assert_eq!(web.asked(), ["checkpoint"], "nothing new, nothing fetched");

    room.notes(2);
    room.erase("#100");
    room.publish();
    let second = room.holds(&web.url);
    assert_eq!(
        (&second["size"], &second["before"], &second["erased"]),
        (&Value::from(300), &Value::from(297), &Value::from(1))
    );
    let asked = web.asked();
    let count = |start: &str| asked.iter().filter(|path| path.starts_with(start)).count();
    assert_eq!((count("payload/"), count("tile/entries/001"), count("tile/0/001")), (3 + 1, 1, 1), "{asked:?}");

    // Everything again, and with the full tile where the partial one was taken away.
    room.notes(300);
    assert_eq!(room.publish()["size"], 600);
    web.lies(|path| path.contains(".p/").then_some(Reply::None));
    assert_eq!(room.follow(&web.url, &[]).0, ["missing"], "the tiles that are still open");
    web.lies(|_| None);
    let (wrong, whole) = room.follow(&web.url, &["--whole"]);
    assert_eq!((wrong.len(), &whole["before"], &whole["erased"]), (0, &Value::from(0), &Value::from(1)));
}

#[test]
fn following_goes_on_anywhere() {
    let room = Newsroom::new();
    let mut size = 7;
    for count in [1, 247, 1, 1, 254, 1, 256, 3] {
        room.notes(count);
        size += count;
        room.publish();
        assert_eq!(room.holds(room.site().to_str().unwrap())["size"], size);
    }
}

#[test]
fn a_payload_may_go_just_before_the_head_that_says_so() {
    let room = Newsroom::new();
    room.publish();
    let checkpoint = fs::read(room.site().join("checkpoint")).unwrap();
    room.erase("#6");
    room.publish();
    let web = Web::of(&room.site());
    let asked = std::sync::atomic::AtomicUsize::new(0);
    web.lies(move |path| {
        let is_first = path == "checkpoint" && asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
        is_first.then(|| Reply::File(checkpoint.clone()))
    });
    let last = room.holds(&web.url);
    assert_eq!((&last["size"], &last["erased"]), (&Value::from(8), &Value::from(1)));
}

#[test]
fn without_a_key_it_is_said_who_is_believed() {
    let room = Newsroom::new();
    room.publish();
    let own = room.desk.path().join("state");
    let run = |args: &[&str]| {
        let output = room.desk.command(args).env("XDG_STATE_HOME", &own).output().unwrap();
        assert!(output.status.success(), "{}", crate::support::err(&output));
        out(&output)
    };
    let first = run(&["verify", "--url", "site"]);
    assert!(first.contains("a key that only the ledger itself names: give --key"), "{first}");
    let place = first.lines().find_map(|line| line.strip_prefix("the head is kept in ")).unwrap();
    assert!(Path::new(place).starts_with(&own) && Path::new(place).is_file(), "{place}");
    let second = run(&["verify", "--url", "site"]);
    assert!(second.contains("nothing new since the head that was kept"), "{second}");
    assert!(second.contains("who signed it was not checked"), "{second}");
}

#[test]
fn a_key_under_its_own_name_is_told_the_ledgers() {
    let room = Newsroom::new();
    room.publish();
    let own_name = private(&room.desk, "ana").public().to_string();
    let output = room.desk.run(&["verify", "--url", "site", "--keep", "kept", "--key", &own_name]);
    let way_out = format!("the same key signed it under the ledger's name: give {}", head_key(&room.desk, "ana"));
    assert_eq!((output.status.code(), out(&output).contains(&way_out)), (Some(1), true), "{}", out(&output));
    let other = private(&room.desk, "chief").public().to_string();
    let output = room.desk.run(&["verify", "--url", "site", "--keep", "kept", "--key", &other]);
    assert!(output.status.code() == Some(1) && !out(&output).contains("the same key"), "{}", out(&output));
}

#[test]
fn a_private_key_in_the_environment_is_not_taken_for_a_readers() {
    let room = Newsroom::new();
    room.publish();
    let run = |key: &str, args: &[&str]| room.desk.command(args).env("ANNALS_KEY", key).output().unwrap();
    let seen = ["verify", "--url", "site", "--keep", "kept"];
    let output = run("ana.key", &seen);
    assert!(output.status.success() && out(&output).contains("give --key"), "{}", err(&output));
    let output = run("nowhere.key", &seen);
    assert!(output.status.code() == Some(2) && err(&output).contains("no public key"), "{}", err(&output));
    let output = run("ana.key", &["verify", "--against", "kept"]);
    assert!(output.status.code() == Some(2) && err(&output).contains("--against needs --key"), "{}", err(&output));
}

#[test]
fn what_cannot_be_used_is_said() {
    let room = Newsroom::new();
    room.publish();
    room.desk.write("kept.txt", "no head");
    let keys = room.keys();
    let refused = room.desk.fails(&["verify", "--url", "site", "--keep", "kept.txt", "--key", keys], 2);
    assert!(refused.contains("holds no head; nothing was checked"), "{refused}");
    let refused = room.desk.fails(&["verify", "--url", "site", "--keep", "k", "--key", "ana.key"], 2);
    assert!(refused.contains("no public key") && !room.desk.path().join("k").exists(), "{refused}");
    room.desk.fails(&["verify", "--url", "http:/nowhere", "--keep", "k"], 2);
    let refused = room.desk.fails(&["verify", "--url", "http://127.0.0.1:1", "--keep", "k"], 3);
    assert!(refused.contains("could not be reached"), "{refused}");
    room.desk.fails(&["verify", "--url", "site", "--since", "kept.txt"], 2);
    room.desk.fails(&["verify", "--keep", "kept.txt"], 2);
}

#[test]
#[cfg(unix)]
fn nobody_waits_for_a_pipe() {
    let room = Newsroom::new();
    room.publish();
    let pipe = |path: &Path| {
        fs::remove_file(path).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
    };
    pipe(&room.site().join("tile/entries/000.p/7"));
    assert_eq!(room.follow("site", &[]).0, ["missing"]);
    // It is written anew, as a file.
    room.desk.ok(&["publish", "site", "--whole"]);
    room.holds("site");
    pipe(&room.site().join("checkpoint"));
    assert_eq!(room.follow("site", &[]).0, ["missing"]);
    let roots = room.desk.path().join("ledger/roots");
    fs::write(&roots, "").unwrap();
    pipe(&roots);
    room.desk.ok(&["prove", "#2"]);
}

/// Who has seen events once takes them as seen: what became of their files only `--whole` shows, and the line says so.
#[test]
fn what_was_not_looked_at_again_is_said() {
    let room = Newsroom::new();
    room.publish();
    let key = room.keys();
    let follow = |more: &[&str]| {
        let args = ["verify", "--url", "site", "--key", key, "--keep", "seen.txt"];
        let output = room.desk.run(&[&args, more].concat());
        (output.status.code(), out(&output))
    };
    assert!(!follow(&[]).1.contains("seen before"), "at first sight everything is fetched");
    let all = files(&room.site());
    let payload = payloads(&all)[2];
    fs::write(room.site().join(payload), "x").unwrap();
    let (code, told) = follow(&[]);
    assert!(code == Some(0) && told.contains("nothing new since the head that was kept"), "{told}");
    assert!(told.contains("the 7 events seen before were not fetched again; --whole does"), "{told}");
    assert_eq!(follow(&["--whole"]).0, Some(1));
    fs::write(room.site().join(payload), &all[payload]).unwrap();
    let (code, told) = follow(&["--whole"]);
    assert!(code == Some(0) && told.contains("7 events, every hash holds") && !told.contains("seen before"), "{told}");
    room.notes(2);
    room.publish();
    let (code, told) = follow(&[]);
    assert!(code == Some(0) && told.contains("2 new since the 7 events that were seen"), "{told}");
    assert!(told.contains("the 7 events seen before were not fetched again"), "{told}");
}

#[test]
fn what_is_neither_a_folder_nor_an_address_is_told_as_that() {
    let desk = Desk::with_ledger();
    let follow = |url: &str| desk.fails(&["verify", "--url", url, "--keep", "seen.txt"], 2);
    assert!(follow("nosuchdir").contains("there is no folder nosuchdir, and it is no address"));
    assert!(follow("ftp://x").contains("there is no folder ftp://x, and it is no address"));
    let told = follow("file:///no/such");
    assert!(told.contains("there is no folder /no/such") && told.contains("hint: name a folder"), "{told}");
}

/// The second time a reader goes on from what it kept, and fetches nothing again of what it saw.
#[test]
fn who_follows_a_second_time_goes_on_from_what_was_kept() {
    let room = Newsroom::new();
    room.notes(1);
    room.publish();
    let web = Web::of(&room.site());
    room.holds(&web.url);
    let kept = fs::read_to_string(room.desk.path().join("kept.txt.keys")).unwrap();
    assert!(kept.contains('8'), "{kept}");
    room.notes(1);
    room.publish();
    web.asked();
    assert_eq!(room.holds(&web.url)["before"], 8);
    let asked = web.asked();
    assert_eq!(asked.iter().filter(|path| path.starts_with("payload/")).count(), 1, "{asked:?}");
    assert_ne!(fs::read_to_string(room.desk.path().join("kept.txt.keys")).unwrap(), kept);
    // Without the file, or with that of another head, what is about keys is read again.
    for instead in [None, Some(kept)] {
        match instead {
            Some(text) => fs::write(room.desk.path().join("kept.txt.keys"), text).unwrap(),
            None => fs::remove_file(room.desk.path().join("kept.txt.keys")).unwrap(),
        }
        room.notes(1);
        room.publish();
        web.asked();
        room.holds(&web.url);
        let asked = web.asked();
        let count = asked.iter().filter(|path| path.starts_with("payload/")).count();
        assert!((2..6).contains(&count), "the new one, and those about keys: {asked:?}");
    }
}

/// What is said about a private claim would tell what the claim says: it is withheld, also if it comes after the claim was published.
#[test]
fn what_rests_on_something_private_is_withheld_too() {
    let room = Newsroom::new();
    let import = |lines: &[&str]| {
        room.desk.write("lines.jsonl", &lines.join("\n"));
        room.desk.ok(&["import", "lines.jsonl", "--key", "ana.key"]);
        room.publish();
    };
    room.desk.write("copy.txt", "the hidden copy");
    room.desk.ok(&[
        "record",
        "embassy",
        "power",
        "off",
        "--on",
        "2024-11-23",
        "--said-by",
        "aide",
        "--id",
        "c1",
        "--private",
        "--quote",
        "hidden copy",
        "--evidence",
        "copy.txt",
        "--key",
        "ana.key",
    ]);
    room.publish();
    import(&[
        r#"{"type":"reference","id":"e1","claim":"c1","quote":"words of one"}"#,
        r#"{"type":"dispute","id":"d1","disputes":"c1","by":"aide","grounds":"words of two"}"#,
        r#"{"type":"note","about":"c1","text":"words of four"}"#,
        r#"{"type":"correction","id":"k1","corrects":"c1","reason":"words of five","claim":{"id":"c2","subject":"embassy","attribute":"power","value":"on","on":"2024-11-23","said_by":"aide","private":true}}"#,
    ]);
    import(&[
        r#"{"type":"retraction","id":"r1","retracts":"d1","reason":"words of six"}"#,
        r#"{"type":"note","text":"said aloud"}"#,
    ]);
    let all = files(&room.site());
    let holds = |words: &str| all.values().any(|bytes| bytes.windows(words.len()).any(|part| part == words.as_bytes()));
    assert!(holds("said aloud") && !holds("words of") && !holds("hidden copy"));
    assert_eq!(room.holds("site")["withheld"], all.values().filter(|bytes| **bytes == b"withheld\n").count());
    room.desk.ok(&["export", "--output", "out.jsonl", "--evidence", "copies"]);
    assert!(!room.desk.path().join("copies").exists(), "the copy of a private claim stays");
}

#[test]
fn what_is_private_is_withheld_from_strangers_and_said() {
    let room = Newsroom::new();
    let lines = [
        r#"{"type":"source","key":"whistle","kind":"person","label":"Secret Name","private":true}"#,
        r#"{"type":"note","text":"hush hush","private":true}"#,
        r#"{"type":"note","text":"said aloud"}"#,
    ];
    room.desk.write("lines.jsonl", &lines.join("\n"));
    room.desk.ok(&["import", "lines.jsonl", "--key", "ana.key"]);
    room.publish();
    let all = files(&room.site());
    let holds = |words: &str| all.values().any(|bytes| bytes.windows(words.len()).any(|part| part == words.as_bytes()));
    assert!(holds("said aloud") && !holds("Secret Name") && !holds("whistle") && !holds("hush hush"));
    assert_eq!(all.values().filter(|bytes| **bytes == b"withheld\n").count(), 2);
    assert_eq!(room.holds("site")["withheld"], 2);
    let keys = room.keys();
    let told = room.desk.ok(&["verify", "--url", "site", "--key", keys, "--keep", "seen.txt"]);
    assert!(told.contains("2 payloads withheld: for the desk alone"), "{told}");
    // Somebody else's payload is not taken for withheld where others are judged by it.
    let genesis = annals::frame::Envelope::fields_of(all["tile/entries/000.p/10"][2..114].try_into().unwrap());
    let name = genesis.commitment.to_string();
    fs::write(room.site().join("payload").join(&name[..2]).join(&name), "withheld\n").unwrap();
    assert_eq!(room.follow("site", &["--whole"]).0[0], "payload");
}
