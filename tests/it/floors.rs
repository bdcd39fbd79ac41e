//! The house's own rules: what a floor must not know, and how long a file may be.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The floors of the library, bottom up; those of one line may not know each other unless listed in `SIDEWAYS`.
const FLOORS: &[&[&str]] = &[
    &["seq", "threads"],
    &["date"],
    &["value"],
    &["source"],
    &["claim"],
    &["event"],
    &["catalogue"],
    &["hash"],
    &["chain"],
    &["frame"],
    &["tree"],
    &["note"],
    &["codec"],
    &["keys"],
    &["projection"],
    &["log"],
    &["view"],
    &["verify"],
    &["exchange"],
    &["evidence"],
    &["ledger"],
    &["share"],
];

/// What a floor must not know although it lies below.
const ABSENT: &[(&str, &[&str])] = &[
    ("hash", &["seq", "date", "value", "source", "claim", "event", "catalogue"]),
    ("chain", &["seq", "date", "value", "source", "claim", "event", "catalogue"]),
    ("frame", &["date", "value", "source", "claim", "event", "catalogue"]),
    ("tree", &["seq", "date", "value", "source", "claim", "event", "catalogue", "frame"]),
    ("note", &["seq", "date", "value", "source", "claim", "event", "catalogue", "frame"]),
    ("keys", &["date", "value", "claim", "catalogue", "codec"]),
    ("log", &["note", "keys", "date", "value", "source", "claim", "event", "catalogue", "codec", "projection"]),
    ("verify", &["date", "value", "source", "claim", "catalogue", "projection"]),
    ("projection", &["chain", "frame", "tree", "codec"]),
    ("codec", &["chain", "frame", "tree", "catalogue"]),
    ("exchange", &["chain", "frame", "tree", "codec", "log", "verify", "projection", "catalogue"]),
    ("evidence", &["seq", "date", "value", "source", "claim", "event", "catalogue", "frame", "codec", "log", "view"]),
    ("share/stamp", &["seq", "date", "value", "source", "claim", "event", "catalogue", "frame", "log", "ledger"]),
    ("share/tiles", &["seq", "date", "value", "source", "claim", "event", "catalogue", "frame", "log", "ledger"]),
];

/// Words that only these floors may hold.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("blake3::", &["hash"]),
    ("sha2::", &["hash"]),
    ("fearless_simd::", &["hash"]),
    ("ed25519_dalek::", &["note"]),
    ("ml_dsa::", &["note"]),
    ("html5ever::", &["evidence"]),
    ("pdf_extract::", &["evidence"]),
    ("zip::", &["evidence"]),
    ("flate2::", &["evidence"]),
    ("use der::", &["share/stamp"]),
    ("webpki::", &["share/stamp"]),
    ("pki_types::", &["share/stamp"]),
    ("ring::digest", &["share/stamp"]),
    ("bincode::", &["codec"]),
    ("sled::", &["view/cache/answers"]),
    ("derive(Serialize", &["codec"]),
    ("Deserialize)", &["codec"]),
    ("std::fs", &["log", "view/cache", "ledger", "share"]),
    ("getrandom::", &["ledger"]),
    ("ureq::", &[]),
    ("std::net", &[]),
    ("SystemTime", &[]),
    ("Instant::now", &[]),
    ("std::env", &[]),
    ("println!", &[]),
    ("eprintln!", &[]),
    ("process::exit", &[]),
];

/// The rooms of some floors, bottom up: each uses only what stands before it, besides files of the floor's own folder.
const ROOMS: &[(&str, &[&str])] = &[
    ("log", &["read", "write"]),
    ("ledger", &["files", "read", "knowledge", "plan", "record"]),
    ("share", &["stamp", "tiles", "cosigned", "proof", "published", "anchors"]),
];

/// A folder is a room of at most so many files.
const ROOM_FILES_MAX: usize = 15;

pub(crate) fn sources(dir: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            all.push(path);
        }
    }
    all
}

/// The library's files with their floor and their text, tests and comments taken out.
fn library() -> Vec<(String, PathBuf, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    for path in sources(&src) {
        let inside = path.strip_prefix(&src).unwrap().to_owned();
        let floor = inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned();
        let name = path.file_name().unwrap().to_str().unwrap();
        let is_test = ["tests.rs", "memory.rs", "arbitrary.rs", "measure.rs", "round_trip.rs", "bad_lines.rs"]
            .contains(&name)
            || inside.components().any(|part| part.as_os_str() == "tests");
        if floor == "bin" || floor == "lib" || is_test {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let code: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        all.push((floor, inside, code.join("\n")));
    }
    all
}

/// Whether a file is that of a floor or a room, or lies in its folder.
fn is_in(path: &Path, place: &str) -> bool {
    path.starts_with(place) || path == Path::new(&format!("{place}.rs"))
}

#[test]
fn arrows_go_down_only() {
    let height = |floor: &str| FLOORS.iter().position(|line| line.contains(&floor));
    let mut wrong = Vec::new();
    for (floor, path, code) in library() {
        let own = height(&floor).unwrap_or_else(|| panic!("{} is on no floor", path.display()));
        for other in FLOORS.iter().flat_map(|line| line.iter()).filter(|other| **other != floor) {
            let is_used = code.contains(&format!("crate::{other}::")) || code.contains(&format!("crate::{other};"));
            let is_absent = ABSENT.iter().any(|(of, absent)| is_in(&path, of) && absent.contains(other));
            if is_used && (height(other).unwrap() >= own || is_absent) {
                wrong.push(format!("{} uses {other}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_belongs_to_one_floor_stays_there() {
    let mut wrong = Vec::new();
    for (_, path, code) in library() {
        for (word, floors) in ONLY_IN {
            if code.contains(word) && !floors.iter().any(|floor| is_in(&path, floor)) {
                wrong.push(format!("{} holds {word}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// So that tests can put another disk beneath the log.
#[test]
fn the_log_touches_the_disk_through_its_seam_only() {
    let is_seam = |path: &Path| path == Path::new("log/disk.rs");
    let log = library().into_iter().filter(|(floor, path, _)| floor == "log" && !is_seam(path));
    let wrong: Vec<_> = log.filter(|(_, _, code)| code.contains("fs::")).map(|(_, path, _)| path).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// A file of up to 500 lines may keep one type together; most are far shorter.
#[test]
fn a_file_is_one_idea() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = ["src", "tests", "benches"].iter().flat_map(|dir| sources(&root.join(dir)));
    let long: Vec<String> = files
        .map(|path| (fs::read_to_string(&path).unwrap().lines().count(), path))
        .filter(|(lines, _)| *lines > 500)
        .map(|(lines, path)| format!("{} has {lines} lines", path.display()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

/// A room in which one finds things is small. More files are two rooms.
#[test]
fn a_folder_is_a_room() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut rooms = BTreeMap::new();
    let is_test = |path: &Path| path.file_stem().unwrap().to_str().unwrap().ends_with("tests");
    for path in sources(&src).into_iter().filter(|path| !is_test(path)) {
        let room = path.parent().unwrap().strip_prefix(&src).unwrap().to_str().unwrap().to_owned();
        *rooms.entry(room).or_insert(0_usize) += 1;
    }
    let wrong: Vec<String> = rooms
        .iter()
        .filter(|(_, files)| **files > ROOM_FILES_MAX)
        .map(|(room, files)| format!("src/{room} has {files} files; it may have {ROOM_FILES_MAX}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn arrows_between_rooms_go_down_only() {
    let mut wrong = Vec::new();
    for (floor, path, code) in library() {
        let Some((_, rooms)) = ROOMS.iter().find(|(of, _)| *of == floor) else { continue };
        let Some(own) = rooms.iter().position(|room| is_in(&path, &format!("{floor}/{room}"))) else { continue };
        let code = code.split("#[cfg(test)]").next().unwrap();
        for above in rooms.iter().skip(own + 1) {
            if code.contains(&format!("{floor}::{above}::")) || code.contains(&format!("super::{above}::")) {
                wrong.push(format!("{} uses {above}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
