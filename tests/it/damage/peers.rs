//! Another verifier, in Python, written from `docs/format.md` alone: both must find the same.
//!
//! It runs where there is a [`python`] with blake3.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use annals::ledger::{Expected, VerifyOptions, verify};
use serde_json::{Value, json};

use super::kinds::{Damaging, Files, read, write};
use super::{fixture, tiny};
use crate::support::{Random, python};

/// The other verifier, waiting for ledgers.
struct Peer {
    child: Child,
    asks: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    fn start() -> Option<Peer> {
        let python = python()?;
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut command = Command::new(python);
        command.arg("-B").arg(root.join("tests/peers/verify.py")).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (asks, answers) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Some(Peer { child, asks, answers })
    }

    /// What it finds: code, event, segment and offset of each.
    fn findings(&mut self, dir: &Path, expect: Option<&str>) -> Value {
        writeln!(self.asks, "{}\t{}", dir.display(), expect.unwrap_or_default()).unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        serde_json::from_str::<Value>(&answer).unwrap_or_else(|error| panic!("{error}: {answer:?}"))["findings"].take()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn ours(dir: &Path, expect: Option<&str>) -> Value {
    let expected = expect.map(|text| Expected::parse(text).unwrap());
    let options = VerifyOptions { threads: 1, expected, ..VerifyOptions::default() };
    // What has no segment is no ledger.
    let Ok(report) = verify(dir, &options, &|_, _| ()) else { return Value::Null };
    let finding = |found: &annals::verify::Finding| json!([found.code.name(), found.seq, found.segment, found.offset]);
    report.findings.iter().map(finding).collect()
}

#[test]
fn both_find_the_same_in_every_fixture() {
    let Some(mut peer) = Peer::start() else { return };
    for folder in ["v1", "bad"] {
        for file in std::fs::read_dir(fixture(folder)).unwrap() {
            let dir = file.unwrap().path();
            let expected: Value =
                serde_json::from_str(&std::fs::read_to_string(dir.join("expected.json")).unwrap()).unwrap();
            let expect = expected["expect"].as_str();
            // It does not check signatures, and says so on the page.
            let mut ours = ours(&dir, expect);
            let of_signatures = ["seal-signature", "seal-role", "key-twice"];
            let code = |found: &Value| found[0].as_str().unwrap().to_owned();
            let ours = ours.as_array_mut().unwrap();
            let counts = !ours.iter().any(|found| code(found) == "seal-signature");
            // Nor does it know that a commit does not count, whose erasures then excuse nothing.
            ours.retain(|found| !of_signatures.contains(&&*code(found)) && (counts || code(found) != "erased-unnamed"));
            assert_eq!(peer.findings(&dir, expect), json!(ours), "{}", dir.display());
        }
    }
}

/// Damages a log in every way; both must agree on whether it holds, and on the first finding.
fn agree_on(files: &Files, other: &Files, step: usize) {
    let Some(mut peer) = Peer::start() else { return };
    let (random, seed) = Random::new();
    let dir = tempfile::tempdir().unwrap();
    let (mut cases, mut damaged, mut differ) = (0, 0, Vec::new());
    let show = |what: &str, files: &Files| {
        write(dir.path(), files);
        let (theirs, ours) = (peer.findings(dir.path(), None), ours(dir.path(), None));
        cases += 1;
        damaged += usize::from(ours != json!([]));
        if theirs != ours {
            differ.push(format!("{what}\n  theirs {theirs}\n  ours   {ours}"));
        }
    };
    Damaging { files, other, random, show }.all(step);
    assert!(
        differ.is_empty(),
        "seed {seed}: {} of {cases}\n{}",
        differ.len(),
        differ[..differ.len().min(20)].join("\n")
    );
    assert!(damaged > 500 && damaged < cases, "{damaged} of {cases}");
}

#[test]
fn both_find_the_same_whatever_is_damaged() {
    agree_on(&read(&fixture("v1/small")), &tiny(), 7);
}

#[test]
fn both_find_the_same_for_every_bit_of_a_small_ledger() {
    agree_on(&tiny(), &read(&fixture("v1/small")), 1);
}
