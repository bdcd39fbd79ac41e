//! Erasure through the binary: what goes, what stays, and that nothing of it is left in the ledger's folder.

mod exported;
mod killed;
mod reading;

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{Desk, err};

/// Words that stand nowhere but in what is erased.
const QUOTE: &str = "Zebedee Quillfeather saw it";
const NAME: &str = "zebedee-quillfeather";

/// Files below a folder that hold any of these words.
fn holding(dir: &Path, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holding(&path, words));
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        let holds = |word: &str| bytes.windows(word.len()).any(|window| window == word.as_bytes());
        if words.iter().any(|word| holds(word)) {
            found.push(path.display().to_string());
        }
    }
    found
}

/// A ledger in which a name and a quote, also in a captured copy, stand; the numbers of the claim and of the source.
fn with_secret() -> (Desk, String, String) {
    let desk = Desk::with_ledger();
    desk.write("copy.txt", QUOTE);
    let claim = ["record", "embassy", "power", "off", "--on", "2024-11-23", "--said-by", NAME, "--id", "c1"];
    let reference = ["--quote", QUOTE, "--evidence", "copy.txt"];
    let recorded = desk.json(&[&claim[..], &reference[..]].concat());
    let claim = recorded.last().unwrap()["seq"].to_string();
    desk.ok(&["record", "embassy", "power", "off", "--on", "2024-11-24", "--said-by", "daily"]);
    let sources = desk.json(&["log"]);
    let source = sources.iter().find(|line| line["type"] == "source" && line["key"] == NAME).unwrap();
    (desk, claim, source["seq"].to_string())
}

fn folder(desk: &Desk) -> std::path::PathBuf {
    desk.path().join("ledger")
}

#[test]
fn nothing_of_what_is_erased_is_left_in_the_folder() {
    let (desk, claim, source) = with_secret();
    let before = holding(&folder(&desk), &[QUOTE, NAME]);
    assert!(before.iter().any(|path| path.contains("/log/")), "{before:?}");
    assert!(before.iter().any(|path| path.contains("/evidence/")), "{before:?}");
    let told = desk.ok(&["erase", &claim, &source, "--basis", "order 12", "--yes"]);
    assert!(told.contains("rests on it") || told.contains("captured copy"), "{told}");
    assert_eq!(holding(&folder(&desk), &[QUOTE, NAME]), [""; 0]);
    assert_eq!(desk.json(&["verify"]).last().unwrap()["erased"], 2);
    for _ in 0..2 {
        desk.ok(&["note", "a later write"]);
        assert_eq!(holding(&folder(&desk), &[QUOTE, NAME]), [""; 0]);
    }
}

#[test]
fn what_was_erased_is_called_so_wherever_it_is_asked_for() {
    let (desk, claim, source) = with_secret();
    desk.ok(&["erase", "c1", "--basis", "order 12", "--yes"]);
    let number = format!("#{claim}");
    assert!(
        desk.ok(&["state", "embassy", "power", "--on", "2024-11-23"])
            .contains(&format!("erased and no longer used: {number}"))
    );
    assert!(desk.ok(&["history", "embassy", "power"]).contains(&format!("{number} erased")));
    assert!(desk.ok(&["--json", "history", "embassy", "power"]).contains(r#""dropped":"erased""#));
    assert!(desk.ok(&["show", &number]).contains("erased"));
    assert!(desk.ok(&["log"]).contains("(payload erased)"));
    let entity = desk.json(&["log"]).iter().find(|line| line["type"] == "entity").unwrap()["seq"].to_string();
    desk.ok(&["erase", &entity, &source, "--basis", "order 13", "--yes"]);
    let named = format!("erased-{entity}");
    let states = desk.ok(&["state", "--on", "2024-11-24"]);
    assert!(states.contains("erased") && !states.contains("embassy"), "{states}");
    assert!(desk.ok(&["--json", "state", "--on", "2024-11-24"]).contains(&named));
    let actor = desk.json(&["log"]).iter().find(|line| line["type"] == "actor-registered").unwrap()["seq"].to_string();
    desk.ok(&["erase", &actor, "--basis", "order 14", "--yes"]);
    assert!(desk.ok(&["log"]).contains(&format!("erased-{actor}")));
}

#[test]
fn what_may_not_be_erased_is_refused_and_nothing_is_recorded() {
    let (desk, claim, _) = with_secret();
    let size = |desk: &Desk| desk.json(&["head"])[0]["size"].clone();
    let before = size(&desk);
    for (targets, code, why) in [(&["1"][..], 3, "genesis"), (&["99"], 3, "no event"), (&[&claim, "1"], 3, "genesis")] {
        let args = [&["erase", "--basis", "order", "--yes"][..], targets].concat();
        assert!(desk.fails(&args, code).contains(why), "{targets:?}");
    }
    assert!(desk.fails(&["erase", &claim, "--yes"], 2).contains("--basis"));
    assert!(desk.fails(&["erase", &claim, "--yes", "--basis", ""], 2).contains("basis"));
    assert!(desk.fails(&["erase", &claim, "--basis", "order"], 2).contains("--yes"));
    assert_eq!(size(&desk), before);
    assert!(!holding(&folder(&desk), &[QUOTE]).is_empty());
    let erased = desk.json(&["erase", &claim, "--basis", "order", "--yes"]);
    let by = erased.last().unwrap()["events"][0]["by"].to_string();
    let said = desk.fails(&["erase", &claim, "--basis", "order", "--yes"], 3);
    assert!(said.contains(&format!("erased already, by #{by}")), "{said}");
    assert!(desk.fails(&["erase", &by, "--basis", "order", "--yes"], 3).contains("is an erasure"));
}

#[test]
fn a_captured_copy_goes_with_the_last_claim_that_refers_to_it() {
    let (desk, first, _) = with_secret();
    let second =
        ["record", "embassy", "guards", "left", "--on", "2024-11-23", "--said-by", "daily", "--evidence", "copy.txt"];
    let second = desk.json(&second).last().unwrap()["seq"].to_string();
    // Somebody was killed while they kept the same copy.
    let digest = desk.json(&["log"]).iter().find(|line| line["type"] == "evidence").unwrap()["digest"].clone();
    let digest = digest.as_str().unwrap();
    let evidence = folder(&desk).join("evidence").join(&digest[..2]);
    fs::write(evidence.join(format!("{digest}.00.tmp")), QUOTE).unwrap();
    let told = desk.json(&["erase", &first, "--basis", "order", "--yes"]);
    assert_eq!((&told[0]["copies"], &told[0]["copies_kept"][0]), (&Value::Array(Vec::new()), &digest.into()));
    assert!(evidence.join(digest).exists());
    let told = desk.json(&["erase", &second, "--basis", "order", "--yes"]);
    assert_eq!(told.last().unwrap()["copies"][0], digest);
    assert_eq!(holding(&folder(&desk), &[QUOTE]), [""; 0]);
}

#[test]
fn a_captured_copy_that_a_reference_needs_stays_and_goes_with_the_reference() {
    let (desk, claim, _) = with_secret();
    desk.ok(&["record", "embassy", "guards", "left", "--on", "2024-11-23", "--said-by", "daily", "--id", "c2"]);
    let cited = desk.json(&["cite", "c2", "--evidence", "copy.txt"]).last().unwrap()["seq"].to_string();
    let told = desk.json(&["erase", &claim, "--basis", "order", "--yes"]);
    assert_eq!(told[0]["copies"], Value::Array(Vec::new()), "{told:?}");
    assert_eq!(holding(&folder(&desk), &[QUOTE]).len(), 1);
    desk.ok(&["erase", &cited, "--basis", "order", "--yes"]);
    assert_eq!(holding(&folder(&desk), &[QUOTE]), [""; 0]);
}

#[test]
fn a_quote_alone_is_erased_and_the_claim_stays() {
    let (desk, claim, _) = with_secret();
    let state = |desk: &Desk| desk.json(&["state", "embassy", "power", "--on", "2024-11-23"])[0]["values"].clone();
    let before = state(&desk);
    desk.ok(&["erase", &claim, "--quote-only", "--basis", "order", "--yes"]);
    assert_eq!(state(&desk), before);
    let left = holding(&folder(&desk), &[QUOTE]);
    assert!(left.iter().all(|path| path.contains("/evidence/")) && left.len() == 1, "{left:?}");
    assert!(desk.fails(&["erase", "2", "--quote-only", "--basis", "order", "--yes"], 3).contains("not a claim"));
}

#[test]
fn what_names_the_same_thing_and_what_rests_on_it_is_told_before() {
    let (desk, claim, source) = with_secret();
    desk.ok(&["source", NAME, "--label", "Zebedee"]);
    desk.ok(&["retract", "c1", "--reason", "withdrawn"]);
    let told = desk.json(&["erase", &claim, &source, "--basis", "order", "--yes"]);
    let of = |seq: &str| told.iter().find(|line| line["seq"].as_u64() == seq.parse().ok()).unwrap().clone();
    assert_eq!(of(&claim)["resting"][0]["kind"], "retracted", "{told:?}");
    assert_eq!(of(&source)["describing"].as_array().unwrap().len(), 1, "{told:?}");
}

#[test]
fn files_moved_aside_earlier_are_named_since_they_may_hold_it() {
    let (desk, claim, _) = with_secret();
    let segment = folder(&desk).join("log/000000000001.seg");
    let torn = [&fs::read(&segment).unwrap()[..], &[200, 0, 0, 0, 55, 255, 255, 255, 1, 2, 3]].concat();
    fs::write(&segment, torn).unwrap();
    desk.ok(&["repair"]);
    let output = desk.run(&["erase", &claim, "--basis", "order", "--yes"]);
    assert!(output.status.success() && err(&output).contains("torn-"), "{}", err(&output));
}
