//! `annals cache`: where it is, clear it, make it anew.

use std::fs;
use std::path::Path;

use super::{FEW, cached, folder, folders, large, runs};
use crate::support::{Desk, err, out};

/// A large ledger, of which nothing is kept: neither runs nor the head that whoever recorded it saw.
fn uncached() -> Desk {
    let desk = large();
    desk.ok(&["cache", "clear"]);
    desk
}

#[test]
fn cache_says_where_it_is_how_large_and_up_to_where() {
    let desk = uncached();
    let empty = desk.ok(&["cache"]);
    assert!(empty.contains("empty"), "{empty}");
    assert!(folders(&desk).is_empty(), "asking makes none");
    desk.ok(FEW[0]);
    let told = desk.ok(&["cache"]);
    let head = desk.ok(&["head"]);
    let head = head.lines().find_map(|line| line.strip_prefix("head ")).unwrap();
    assert!(told.contains(&folder(&desk).display().to_string()) && told.contains(head), "{told}");
    let [line] = desk.json(&["cache"]).try_into().unwrap();
    assert_eq!(line["head"], head);
    assert_eq!(line["len_bytes"], fs::metadata(&runs(&desk)[0]).unwrap().len());
    assert_eq!(line["runs"].as_array().unwrap().len(), 1);
}

#[test]
fn cache_is_cleared_and_made_anew() {
    let desk = cached();
    let before = fs::read(&runs(&desk)[0]).unwrap();
    let told = desk.ok(&["cache", "clear"]);
    assert!(told.contains("removed: 2 files"), "{told}");
    assert!(folders(&desk).is_empty());
    assert!(desk.ok(&["cache", "clear"]).contains("There was no cache"));
    let told = desk.ok(&["cache", "rebuild"]);
    assert!(told.contains("1 run"), "{told}");
    assert_eq!(fs::read(&runs(&desk)[0]).unwrap(), before);
    fs::write(&runs(&desk)[0], "spoilt").unwrap();
    desk.ok(&["cache", "rebuild"]);
    assert_eq!(fs::read(&runs(&desk)[0]).unwrap(), before);
}

#[test]
fn without_a_cache_nothing_is_kept_and_that_is_told() {
    let desk = uncached();
    for none in ["none", ""] {
        desk.ok(&["--cache", none, "state", "--on", "2024-03-20"]);
        assert!(desk.ok(&["--cache", none, "cache"]).contains("There is no cache"));
        let refused = desk.fails(&["--cache", none, "cache", "clear"], 2);
        assert!(refused.contains("hint: name a folder"), "{refused}");
    }
    assert!(folders(&desk).is_empty());
}

#[test]
fn a_cache_that_is_not_used_says_why_and_what_to_do() {
    let desk = large();
    let inside = desk.path().join("ledger/log");
    let inside = inside.to_str().unwrap();
    let told = desk.ok(&["--cache", inside, "cache"]);
    assert!(told.contains("not used") && told.contains("--cache DIR"), "{told}");
    assert!(desk.json(&["--cache", inside, "cache"])[0]["not_used"].as_str().unwrap().contains("inside"));
    let refused = desk.fails(&["--cache", inside, "cache", "rebuild"], 3);
    assert!(refused.contains("nothing was done") && refused.contains("hint:"), "{refused}");
}

#[test]
fn without_a_word_the_cache_is_where_the_platform_keeps_caches() {
    let desk = large();
    let home = tempfile::TempDir::new().unwrap();
    let ask = |xdg: Option<&Path>| {
        let mut command = desk.command(&["--json", "cache", "rebuild"]);
        command.env_remove("ANNALS_CACHE").env_remove("XDG_CACHE_HOME").env("HOME", home.path());
        xdg.map(|xdg| command.env("XDG_CACHE_HOME", xdg));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", err(&output));
        let line: serde_json::Value = serde_json::from_str(out(&output).trim()).unwrap();
        line["folder"].as_str().unwrap().to_owned()
    };
    let real = home.path().canonicalize().unwrap();
    if cfg!(target_os = "linux") {
        assert!(ask(None).starts_with(real.join(".cache/annals").to_str().unwrap()));
        assert!(ask(Some(&real.join("xdg"))).starts_with(real.join("xdg/annals").to_str().unwrap()));
    } else {
        assert!(ask(None).starts_with(real.to_str().unwrap()));
    }
}

#[test]
fn with_despite_damage_no_cache_is_made() {
    let desk = uncached();
    desk.ok(&["state", "--on", "2024-03-20", "--despite-damage"]);
    assert!(folders(&desk).is_empty());
    let desk = Desk::new();
    assert!(desk.fails(&["cache"], 3).contains("annals init"));
}
