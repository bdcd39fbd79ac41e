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

/// What the hex digits of a constant stand for.
fn bytes(hex: &str) -> Vec<u8> {
    hex.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// The constants were computed apart from any library, from the formulas in `docs/format.md`.
#[test]
fn a_signature_holds_without_the_cofactor_and_with_nothing_of_small_order() {
    let text = b"example.org/siege\n";
    let holds = |key: &str, r: &str, s: &str| {
        PublicKey::new("key", &bytes(key)).unwrap().verifies(text, &bytes(&format!("{r}{s}")))
    };
    let key = "7767a3242dc9b58bbc68488c1265cc6cc5f26c6f3c88a5d55e901b0734dca572";
    let (r, s) = (
        "1d84c09c915b1e355f4130b3950f6754270b37696f36f1b6ca5d4a9b4cf48860",
        "7afee611b8775a57dfbd2f8e3cf3af993ff2bc8d3cdd779fc3309d159940570a",
    );
    assert!(holds(key, r, s));
    let s_and_the_order = "67d2dc6ed2da6cafb55a27311bed8eae3ff2bc8d3cdd779fc3309d159940571a";
    assert!(!holds(key, r, s_and_the_order), "S is not below the order");
    let identity = format!("01{}", "00".repeat(31));
    let fits = "4fec91e8de4d73a7a48ca004260ef1343fccc5101c5a5c06eb6799f6c504e001";
    assert!(!holds(key, &identity, fits), "R is of small order");
    let mixed = "6a84d583f06569edb3f5ed77df65544b27d6948b4f0b2cb76f33dd8413b20719";
    let (r, s) = (
        "2f1132ca61ab38dff00f2fea3228f24c6c71d58085b80e47e19515cb27e8d047",
        "1bbb5b7743a8f7807a03df0b4f40df3df2342a635b4128fa27fd148b0bfd340a",
    );
    assert!(holds(mixed, r, s), "a key that has a part of small order");
    let (r, s) = (format!("58{}", "66".repeat(31)), "04b5f7ce2ac26672f5399c22f6537e9011c08f04776f78c59fe42cde4de3a509");
    assert!(!holds(mixed, &r, s), "with the cofactor only");
    let no_keys = ["ed", "ee", "ec"].map(|low| format!("{low}{}7f", "ff".repeat(30)));
    assert!(no_keys.iter().all(|key| PublicKey::new("key", &bytes(key)).is_none()), "of small order, in any spelling");
    let beyond = format!("f0{}7f", "ff".repeat(30));
    assert!(PublicKey::new("key", &bytes(&beyond)).is_some(), "its y is taken modulo p");
}
