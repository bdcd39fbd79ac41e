//! Strangers who follow what is published.

use super::web::{Reply, Web};
use super::*;

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
