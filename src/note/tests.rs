//! Notes are what others make of them: crate `signed_note` reads ours, and we read its.

use signed_note::{Note, StandardSigner, StandardVerifier, VerifierList};

use super::*;
use crate::chain::Hash;

const SEED: [u8; 32] = [7; 32];

fn key(name: &str) -> PrivateKey {
    PrivateKey::of_seed(name, &SEED).unwrap()
}

fn checkpoint() -> Checkpoint {
    Checkpoint { origin: "example.org/siege".into(), size: 412, root: Hash([9; 32]) }
}

fn note(key: &PrivateKey) -> SignedNote {
    let text = checkpoint().to_string();
    let signature = NoteSignature::of(&key.public(), &key.sign(text.as_bytes()));
    SignedNote::new(text, vec![signature])
}

/// What the other implementation says of a note and a key.
fn other_opens(note: &str, vkey: &str) -> bool {
    let verifier = StandardVerifier::new(vkey).unwrap();
    let opened = Note::from_bytes(note.as_bytes()).unwrap();
    opened.verify(&VerifierList::new(vec![Box::new(verifier)])).is_ok_and(|(verified, _)| verified.len() == 1)
}

#[test]
fn a_checkpoint_has_one_spelling() {
    let text = checkpoint().to_string();
    assert_eq!(Checkpoint::parse(&text), Some(checkpoint()));
    for other in [
        text.trim_end().to_owned(),
        format!("{text}\n"),
        format!("{text}extension\n"),
        text.replace("412", "0412"),
        text.replace("412", "+412"),
        text.replace('\n', "\r\n"),
        text.replace('=', ""),
    ] {
        assert_eq!(Checkpoint::parse(&other), None, "{other:?}");
    }
}

#[test]
fn another_implementation_opens_our_note_and_we_open_its() {
    let (ours, vkey) = (note(&key("example.org/siege")).to_string(), key("example.org/siege").public().to_string());
    assert!(other_opens(&ours, &vkey));
    let skey = format!(
        "PRIVATE+KEY+example.org/siege+{:08x}+{}",
        u32::from_be_bytes(key("example.org/siege").public().id()),
        base64(&[&[ED25519], SEED.as_slice()].concat())
    );
    let mut theirs = Note::new(checkpoint().to_string().as_bytes(), &[]).unwrap();
    theirs.add_sigs(&[&StandardSigner::new(&skey).unwrap()]).unwrap();
    assert_eq!(String::from_utf8(theirs.to_bytes()).unwrap(), ours, "Ed25519 leaves no choice");
    let read = SignedNote::parse(&ours).unwrap();
    assert_eq!(read.to_string(), ours);
    assert!(read.is_signed_by(&PublicKey::parse(&vkey).unwrap()));
}

#[test]
fn no_changed_byte_of_a_note_passes() {
    let (key, note) = (key("example.org/siege").public(), note(&key("example.org/siege")).to_string());
    for place in 0..note.len() {
        let mut bytes = note.clone().into_bytes();
        bytes[place] ^= 1;
        let passes = String::from_utf8(bytes).ok().and_then(|note| SignedNote::parse(&note));
        assert!(!passes.is_some_and(|note| note.is_signed_by(&key)), "{place}");
    }
    assert_eq!(SignedNote::parse(note.trim_end()), None);
    assert_eq!(SignedNote::parse(&format!("{note}\n")), None);
    assert_eq!(SignedNote::parse(&checkpoint().to_string()), None, "nobody signed it");
}

#[test]
fn a_key_is_its_name_and_all_its_bytes() {
    let (one, other) = (key("example.org/siege").public(), key("example.org/other").public());
    assert_ne!(one, other);
    assert_eq!(one.named("example.org/other"), Some(other.clone()));
    assert!(!note(&key("example.org/siege")).is_signed_by(&other));
    let text = one.to_string();
    assert_eq!(PublicKey::parse(&text), Some(one));
    for wrong in [text.replace("siege", "siegf"), text.to_uppercase(), format!("{text} "), text.replace("+A", "+B")] {
        assert_eq!(PublicKey::parse(&wrong), None, "{wrong}");
    }
    assert!(!is_key_name("a b") && !is_key_name("a+b") && !is_key_name("") && is_key_name("a/b"));
}

#[test]
fn weak_keys_and_what_is_none_are_refused() {
    let mut identity = [0; 32];
    identity[0] = 1;
    for weak in [[0; 32], identity] {
        assert_eq!(PublicKey::new("weak", &weak), None);
    }
    assert_eq!(PublicKey::new("short", &[7; 31]), None);
}

#[test]
fn a_private_key_shows_nothing() {
    let shown = format!("{:?}", key("ana"));
    assert!(shown.contains("ana") && !shown.contains('7'), "{shown}");
}
