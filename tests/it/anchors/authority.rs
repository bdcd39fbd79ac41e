//! An authority of time run here with OpenSSL, and OpenSSL's own word on what is kept.

use std::io::Write;
use std::process::{Command, Stdio};

use super::*;
use crate::keys::signed_desk;
use crate::support::{err, out};

const SETTINGS: &str = "\
[req]
distinguished_name = dn
prompt = no
[dn]
CN = unused
[root]
basicConstraints = critical,CA:TRUE
[tsa]
extendedKeyUsage = critical,timeStamping
[main]
serial = serial
default_policy = 1.2.3.4
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
";

/// OpenSSL in a desk's folder; `None` where there is none, which fails if `ANNALS_OPENSSL` is set.
fn openssl(desk: &Desk, args: &str) -> Option<std::process::Output> {
    let ran = Command::new("openssl").args(args.split(' ')).current_dir(desk.path()).stdin(Stdio::null()).output();
    match ran {
        Ok(output) => Some(output),
        Err(error) => {
            assert!(std::env::var_os("ANNALS_OPENSSL").is_none(), "{error}");
            let _ = writeln!(std::io::stderr(), "skipped: no openssl: {error}");
            None
        }
    }
}

/// Makes a CA and an authority of time in a desk's folder; `None` without OpenSSL.
fn authority(desk: &Desk) -> Option<()> {
    desk.write("settings", SETTINGS);
    desk.write("serial", "01\n");
    for args in [
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -config settings -extensions root -subj /CN=Root",
        "req -new -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -config settings -subj /CN=Clock",
        "x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -set_serial 2 -extfile settings -extensions tsa -out tsa.pem",
    ] {
        let output = openssl(desk, args)?;
        assert!(output.status.success(), "{args}\n{}", err(&output));
    }
    Some(())
}

/// Has a request answered.
fn answer(desk: &Desk, request: &str, answer: &str) {
    let args = format!(
        "ts -reply -config settings -section main -queryfile {request} -signer tsa.pem -inkey tsa.key -out {answer}"
    );
    let output = openssl(desk, &args).unwrap();
    assert!(output.status.success(), "{}", err(&output));
}

#[test]
fn an_authority_here_stamps_and_openssl_agrees() {
    for desk in [Desk::with_ledger(), signed_desk()] {
        if authority(&desk).is_none() {
            return;
        }
        let key: &[&str] = if desk.path().join("chief.key").exists() { &["--key", "chief.key"] } else { &[] };
        desk.ok(&[&["note", "first"], key].concat());
        desk.ok(&["anchor", "--request", "one.tsq"]);
        desk.ok(&[&["note", "later"], key].concat());
        desk.ok(&["anchor", "--request", "two.tsq"]);
        // The answers come in another order than they were asked for, and are told apart.
        for name in ["two", "one"] {
            answer(&desk, &format!("{name}.tsq"), &format!("{name}.tsr"));
            desk.ok(&[&["anchor", "--attach", &format!("{name}.tsr"), "--ca", "ca.pem", "--record"], key].concat());
        }
        let size = desk.json(&["head"])[0]["size"].as_u64().unwrap();
        let lines = desk.json(&["anchor", "--check", "--ca", "ca.pem"]);
        let held: Vec<_> = lines.iter().filter(|line| line["state"] == "held").collect();
        assert_eq!(held.len(), 2, "{lines:?}");
        assert!(held.iter().all(|line| line["authority"] == "Clock" && line["times_agree"] == true), "{lines:?}");
        assert!(held[0]["size"].as_u64() < held[1]["size"].as_u64());
        assert_eq!(held[0]["recorded_as"].as_u64(), Some(size), "the answer that came last");
        desk.ok(&["verify"]);
        for (head, stamp) in kept(&desk, "head").iter().zip(kept(&desk, "tsr")) {
            let verify = |head: &Path| {
                let args = format!("ts -verify -data {} -in {} -CAfile ca.pem", head.display(), stamp.display());
                openssl(&desk, &args).unwrap()
            };
            let output = verify(head);
            assert!(output.status.success(), "{}{}", out(&output), err(&output));
            let altered = desk.path().join("altered");
            fs::write(&altered, fs::read_to_string(head).unwrap().replacen('\n', "\n1", 1)).unwrap();
            assert!(!verify(&altered).status.success(), "OpenSSL would accept anything");
        }
    }
}
