//! What OpenSSL answers, by keys and hashes of the usual kinds: `fixtures/stamps`.

use std::fs;
use std::path::{Path, PathBuf};

use super::bytes::no_changed_bit_says_something_else;
use super::*;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/stamps")
}

fn authorities(name: &str) -> Authorities {
    Authorities::parse(&fs::read(folder().join(name)).unwrap()).unwrap()
}

/// The hash of the head that was stamped.
fn stamped() -> Hash {
    let heads = fs::read_dir(folder().join("ledger/anchors")).unwrap();
    hash::sha256(&[&fs::read(heads.map(|entry| entry.unwrap().path()).next().unwrap()).unwrap()])
}

fn responses(kind: &str) -> Vec<(String, Vec<u8>)> {
    let files = fs::read_dir(folder().join(kind)).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<_> =
        files.map(|file| (file.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read(&file).unwrap())).collect();
    all.sort();
    all
}

#[test]
fn what_openssl_stamps_counts() {
    let (authorities, others, imprint) = (authorities("ca.pem"), authorities("other-ca.pem"), stamped());
    let good = responses("good");
    assert!(good.len() >= 10, "{}", good.len());
    for (name, bytes) in good {
        let response = Response::parse(&bytes).unwrap();
        assert_eq!(Nonce::in_response(&response).unwrap().hex(), "67403bd01c9bc4d0", "{name}");
        let stamp = response.verify(&imprint, &authorities).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        assert_eq!((stamp.at_micros, stamp.accuracy_micros), (1_796_065_030_000_000, 1_500_000), "{name}");
        assert!(stamp.authority.ends_with("(Example)") && stamp.policy == "1.2.3.4.1", "{name}: {stamp:?}");
        let by_other = response.verify(&imprint, &others);
        assert!(matches!(by_other, Err(Refusal::Chain(_))), "{name}: {by_other:?}");
        assert_eq!(response.verify(&imprint_of_nothing(), &authorities), Err(Refusal::Imprint), "{name}");
    }
}

fn imprint_of_nothing() -> Hash {
    hash::sha256(&[])
}

#[test]
fn what_openssl_stamps_otherwise_does_not() {
    let (authorities, imprint) = (authorities("ca.pem"), stamped());
    let mut told = Vec::new();
    for (name, bytes) in responses("bad") {
        let verdict = Response::parse(&bytes).and_then(|response| response.verify(&imprint, &authorities));
        let kind = match verdict {
            // It answers another request, which whoever made that one finds out.
            Ok(_) => "counts",
            Err(Refusal::Imprint) => "imprint",
            Err(Refusal::NotGranted(_)) => "not granted",
            Err(Refusal::Content(_)) => "content",
            Err(Refusal::Chain(_)) => "chain",
            Err(Refusal::Signer(_)) => "signer",
            Err(other) => panic!("{name}: {other:?}"),
        };
        told.push(format!("{name}: {kind}"));
    }
    let expected = [
        "another-head: imprint",
        "another-nonce: counts",
        "rejected: not granted",
        "signed-by-sha1: content",
        "under-another-ca: chain",
        "without-nonce-and-certificates: signer",
        "without-the-sub-ca: chain",
    ];
    assert_eq!(told, expected);
}

#[test]
fn no_changed_bit_of_what_openssl_stamps_says_something_else() {
    let (authorities, imprint) = (authorities("ca.pem"), stamped());
    for (name, bytes) in responses("good") {
        if ["rsa-sha256", "p384-sha384", "named-by-sha1"].contains(&name.as_str()) {
            no_changed_bit_says_something_else(&bytes, &imprint, &authorities);
        }
    }
}
