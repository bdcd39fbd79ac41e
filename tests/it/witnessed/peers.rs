//! Programs that know nothing of annals: a witness cosigns our heads, and Go opens what it cosigned.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use super::*;
use crate::keys::heads::go_opener;
use crate::support::err;

/// A Python with aics-witness, which `.ci/run` makes under `target/peers`; with `ANNALS_WITNESS` set, its absence is a
/// failure.
pub(crate) fn python() -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers/bin/python");
    let python = std::env::var_os("ANNALS_PYTHON").map_or(own, PathBuf::from);
    let has_witness = Command::new(&python).args(["-c", "import aics_witness"]).stderr(Stdio::null()).status();
    if has_witness.is_ok_and(|status| status.success()) {
        return Some(python);
    }
    assert!(std::env::var_os("ANNALS_WITNESS").is_none(), "{} has no aics-witness", python.display());
    let _ = writeln!(std::io::stderr(), "skipped: {} has no aics-witness", python.display());
    None
}

/// An independent witness, as a process that ends with the test.
struct Serving {
    process: Child,
    url: String,
    vkey: String,
}

impl Serving {
    fn new(desk: &Desk, python: &Path) -> Serving {
        let run = |args: &[&str]| {
            let mut command = Command::new(python);
            command.args(["-B", "-m", "aics_witness"]).args(args).current_dir(desk.path());
            command.env("AICS_WITNESS_CONFIG", "witness.json");
            command
        };
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let listen = format!("127.0.0.1:{port}");
        let ran = |args: &[&str]| {
            let output = run(args).output().unwrap();
            assert!(output.status.success(), "{args:?} {}", err(&output));
            out(&output).trim_end().to_owned()
        };
        let vkey = ran(&["init", "--name", "witness.example.org/w1", "--listen", &listen]);
        let log = head_key(desk, "chief").to_string();
        ran(&["add-log", "--origin", "example.org/siege", "--vkey", &log]);
        let process = run(&["serve"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let serving = Serving { process, url: format!("http://{listen}"), vkey };
        let is_there = || TcpStream::connect(&listen).is_ok();
        assert!(
            (0..300).any(|_| is_there() || {
                thread::sleep(Duration::from_millis(100));
                false
            }),
            "it does not begin"
        );
        serving
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn an_independent_witness_cosigns_our_heads_and_refuses_what_was_rolled_back_or_rewritten() {
    let Some(python) = python() else { return };
    let (desk, _) = desk();
    let serving = Serving::new(&desk, &python);
    let log = head_key(&desk, "chief");
    desk.write("policy.txt", &format!("log {log}\nwitness w {} {}\nquorum w\n", serving.vkey, serving.url));
    let witness = ["witness", "--policy", "policy.txt"];
    desk.ok(&witness);
    let older = std::process::Command::new("cp").args(["-r", "ledger", "older"]).current_dir(desk.path()).status();
    assert!(older.unwrap().success());
    for number in 0..30 {
        desk.ok(&["note", &number.to_string(), "--key", "chief.key"]);
        if number % 7 == 0 {
            let told = desk.ok(&witness);
            assert!(told.contains("is cosigned by witness.example.org/w1 at 20"), "{told}");
        }
    }
    // It has seen nothing of this, so that it has to say what it saw last.
    std::fs::remove_dir_all(desk.path().join("ledger/witnessed")).unwrap();
    desk.ok(&witness);
    desk.ok(&witness);
    desk.ok(&["prove", "#3", "#9", "--output", "receipt.txt"]);
    assert_eq!(checked(&desk, "receipt.txt").0, Some(0));
    let rolled_back = desk.run(&["--ledger", "older", "witness", "--policy", "policy.txt"]);
    assert!(rolled_back.status.code() == Some(1) && out(&rolled_back).contains("here it has 5"), "{rolled_back:?}");
    let lines: Vec<String> =
        (0..40).map(|number| format!("{{\"type\":\"note\",\"text\":\"other {number}\"}}")).collect();
    desk.write("other.jsonl", &(lines.join("\n") + "\n"));
    desk.ok(&["--ledger", "older", "import", "other.jsonl", "--key", "chief.key"]);
    let rewritten = desk.run(&["--ledger", "older", "witness", "--policy", "policy.txt"]);
    assert!(rewritten.status.code() == Some(1) && out(&rewritten).contains("rewritten"), "{rewritten:?}");
    // Sealed by a key that the witness does not know.
    desk.ok(&["note", "x", "--key", "ana.key"]);
    let output = desk.run(&["witness", &serving.url, "--vkey", &serving.vkey]);
    assert!(output.status.code() == Some(3) && err(&output).contains("trusts no key that signed"), "{output:?}");
}

#[test]
fn a_cosigned_head_is_a_note_that_go_opens() {
    let (desk, head) = desk();
    let Some(program) = go_opener(&desk) else { return };
    desk.write("cosigned.txt", &(head.clone() + &cosigned("w", &head)));
    desk.ok(&["witness", "--attach", "cosigned.txt", "--vkey", &vkey("w").to_string()]);
    desk.write("head.txt", &desk.ok(&["head", "--cosigned"]));
    let key = head_key(&desk, "chief").to_string();
    let opened = Command::new(program).args([&key, "head.txt"]).current_dir(desk.path()).output().unwrap();
    assert!(opened.status.success() && head.starts_with(&out(&opened)), "{}", out(&opened));
}
