//! Attackers who can write to the whole folder. Each does what was done once plainly, and once with every hash after it
//! computed anew; a head that was kept elsewhere, and receipts, tell on the second.

use std::fs;
use std::path::Path;

use annals::ledger::{Expected, VerifyOptions, verify};
use annals::log::Code;
use annals::note::ProvenHead;
use annals::seq::Seq;
use annals::share::{Proven, check_proof, prove, prove_growth};

use super::holds;
use crate::fixtures::forge::{Forge, Piece};
use crate::support::Desk;

/// A ledger under attack; what outsiders kept: its head in two forms, and a receipt of event 4.
struct Scene {
    desk: Desk,
    forge: Forge,
    head: String,
    kept: Option<ProvenHead>,
    receipt: String,
}

impl Scene {
    fn new() -> Scene {
        let desk = Desk::with_ledger();
        for text in ["first", "later", "third", "forth"] {
            desk.ok(&["note", text]);
        }
        let dir = desk.path().join("ledger");
        let forge = Forge::divided(&dir, &[]);
        let mut scene = Scene { desk, forge, head: String::new(), kept: None, receipt: String::new() };
        scene.write();
        scene.receipt = scene.receipt_of(4);
        let Proven::Held { head, .. } = check_proof(&scene.receipt).unwrap() else { panic!() };
        scene.kept = Some(head);
        let line = &scene.desk.json(&["head"])[0];
        scene.head = format!("{}:{}", line["size"], line["head"].as_str().unwrap());
        scene
    }

    fn dir(&self) -> std::path::PathBuf {
        self.desk.path().join("ledger")
    }

    fn write(&self) {
        for (name, bytes) in self.forge.files() {
            fs::write(self.dir().join("log").join(name), bytes).unwrap();
        }
    }

    fn receipt_of(&self, seq: u64) -> String {
        prove(&self.dir(), &[Seq(seq)]).unwrap()
    }

    /// What verifying finds, with and without the kept head.
    fn findings(&self, expect: Option<&str>) -> Vec<Code> {
        let expected = expect.map(|head| Expected::parse(head).unwrap());
        let options = VerifyOptions { threads: 1, expected, ..VerifyOptions::default() };
        let report = verify(&self.dir(), &options, &|_, _| ()).unwrap();
        report.findings.iter().map(|finding| finding.code).collect()
    }

    /// What was done plainly is found by verifying alone.
    fn found(&self, code: Code) {
        self.write();
        let found = self.findings(None);
        assert!(found.contains(&code), "{found:?}");
    }

    /// What was done with all hashes anew is found by whoever kept a head or has a receipt.
    fn found_by_those_outside(mut self) {
        self.forge.chain();
        self.write();
        assert_eq!(self.findings(None), [], "the attacker did it well");
        assert_eq!(self.findings(Some(&self.head)), [Code::ExpectedHead]);
        // The receipt that was given out leads to the kept head, and no receipt from the new ledger does.
        assert!(holds(self.receipt.as_bytes()));
        let kept = self.kept.as_ref().unwrap();
        let leads_to_kept = |text: &str| match check_proof(text) {
            Ok(Proven::Held { head, .. }) => head.is_same_head(kept),
            Ok(Proven::Grew { old, .. }) => old.is_same_head(kept),
            Err(_) => false,
        };
        assert!(leads_to_kept(&self.receipt));
        assert!(!leads_to_kept(&self.receipt_of(2)));
        let growth = prove_growth(&self.dir(), kept.checkpoint.size);
        assert!(growth.is_err() || !leads_to_kept(&growth.unwrap()));
    }

    /// Numbers the events anew, and their seals with them.
    fn number_anew(&mut self) {
        let mut seq = 0;
        for piece in self.forge.segments.iter_mut().flat_map(|segment| &mut segment.pieces) {
            if let Piece::Frame(frame) = piece {
                seq += 1;
                frame.envelope.seq = seq;
            }
        }
    }

    /// Where an event stands among the records; its seal is the next.
    fn place_of(&self, seq: u64) -> usize {
        let is_it = |piece: &Piece| matches!(piece, Piece::Frame(frame) if frame.envelope.seq == seq);
        self.forge.segments[0].pieces.iter().position(is_it).unwrap()
    }
}

#[test]
fn a_silent_edit_is_found() {
    let edited = || {
        let mut scene = Scene::new();
        *scene.forge.frame(4).payload.get_mut(4).unwrap() ^= 1;
        scene
    };
    edited().found(Code::Payload);
    edited().found_by_those_outside();
    // The edited event with the way that the receipt shows for the one that was there.
    let mut scene = edited();
    scene.forge.chain();
    scene.write();
    let line = |text: &str, name: &str| text.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
    let new = scene.receipt_of(4);
    let mut forged = scene.receipt.clone();
    for name in ["envelope ", "payload "] {
        forged = forged.replace(&line(&forged, name), &line(&new, name));
    }
    let why = check_proof(&super::with_checksum(&forged)).unwrap_err();
    assert!(why.contains("do not lead"), "{why}");
}

#[test]
fn an_inserted_event_is_found() {
    let mut scene = Scene::new();
    let at = scene.place_of(4);
    let commit = scene.forge.segments[0].pieces[at..at + 2].to_vec();
    scene.forge.segments[0].pieces.splice(at..at, commit);
    scene.found(Code::Seq);
    scene.number_anew();
    scene.found_by_those_outside();
}

#[test]
fn a_deleted_event_is_found() {
    let mut scene = Scene::new();
    let at = scene.place_of(4);
    scene.forge.segments[0].pieces.drain(at..at + 2);
    scene.found(Code::EventsMissing);
    scene.number_anew();
    scene.found_by_those_outside();
}

#[test]
fn events_in_another_order_are_found() {
    let mut scene = Scene::new();
    let (one, other) = (scene.place_of(4), scene.place_of(5));
    scene.forge.segments[0].pieces.swap(one, other);
    scene.found(Code::Envelope);
    scene.number_anew();
    scene.forge.frame(5).envelope.recorded_at = scene.forge.frame(4).envelope.recorded_at;
    scene.found_by_those_outside();
}

#[test]
fn a_back_dated_event_is_found() {
    let back_dated = || {
        let mut scene = Scene::new();
        scene.forge.frame(4).envelope.recorded_at = scene.forge.frame(3).envelope.recorded_at;
        scene
    };
    back_dated().found(Code::Envelope);
    back_dated().found_by_those_outside();
    let mut scene = Scene::new();
    scene.forge.frame(4).envelope.recorded_at -= 86_400_000_000;
    scene.forge.chain();
    scene.found(Code::RecordedAt);
}

#[test]
fn a_cut_end_is_found_by_those_outside() {
    let mut scene = Scene::new();
    let len = scene.forge.segments[0].pieces.len();
    scene.forge.segments[0].pieces.truncate(len - 2);
    scene.found_by_those_outside();
}

#[test]
fn a_quiet_erasure_is_found() {
    for is_hashed_anew in [false, true] {
        let mut scene = Scene::new();
        scene.forge.frame(4).is_erased = true;
        if is_hashed_anew {
            scene.forge.chain();
        }
        scene.found(Code::ErasedUnnamed);
    }
}

#[test]
fn a_root_over_other_leaves_than_the_chains_elements_is_found() {
    let mut scene = Scene::new();
    let mut other = Scene::new().forge;
    *other.frame(4).payload.get_mut(4).unwrap() ^= 1;
    other.chain();
    let root_of = |forge: &Forge| match forge.segments[0].pieces.last() {
        Some(Piece::Seal(seal)) => seal.root,
        _ => panic!(),
    };
    let forged = root_of(&other);
    let Some(Piece::Seal(seal)) = scene.forge.segments[0].pieces.last_mut() else { panic!() };
    seal.root = forged;
    scene.found(Code::SealRoot);
    assert!(prove(&scene.dir(), &[Seq(4)]).is_err(), "no receipt comes from it");
}

#[test]
fn a_swapped_captured_copy_is_found() {
    let desk = Desk::with_ledger();
    desk.write("copy.txt", "as captured");
    desk.ok(&["record", "embassy", "power", "off", "--undated", "--evidence", "copy.txt"]);
    desk.ok(&["verify"]);
    let digest = desk.json(&["log"]).iter().find(|line| line["type"] == "evidence").unwrap()["digest"].clone();
    let digest = digest.as_str().unwrap();
    let kept = Path::new("ledger/evidence").join(&digest[..2]).join(digest);
    desk.write(kept.to_str().unwrap(), "as invented");
    let output = desk.run(&["verify"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(crate::support::out(&output).contains(digest));
    assert!(crate::support::out(&desk.run(&["--json", "verify"])).contains("altered-copy"));
}
