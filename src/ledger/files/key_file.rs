//! Private keys in files: outside every ledger, readable by their owner only, under a passphrase if one is given.
//!
//! A file is three lines: what it is, the key's name, and the seed in Base64; under a passphrase the third is salt,
//! nonce and the seed as ChaCha20-Poly1305 (RFC 8439) has it, with a key that Argon2id (RFC 9106) makes of the
//! passphrase, and the first two lines as its associated data.

use std::fs::File;
use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};

use zeroize::Zeroizing;

use super::given::read_open;
use super::private::MARK;
use super::salt::Salts;
use super::whole::{Whole, refuse_inside};
use crate::ledger::error::{Error, ErrorKind};
use crate::log::disk::{Links, open_to_read};
use crate::note::{PrivateKey, SEED_LEN, SecondKey, base64, is_key_name, of_base64};

/// What stands in the first line of a file.
struct Form {
    plain: &'static str,
    sealed: &'static str,
}

const FIRST: Form = Form { plain: MARK, sealed: "annals private key 1, argon2id, chacha20poly1305" };
const SECOND: Form = Form {
    plain: "annals private key 1, ml-dsa-44",
    sealed: "annals private key 1, ml-dsa-44, argon2id, chacha20poly1305",
};
const SALT_LEN: usize = 16;
const NONCE_LEN: usize = 12;
/// Longest file that is read, in bytes.
const FILE_LEN_MAX: usize = 4096;
/// What Argon2id takes: 64 MiB, three passes, one lane.
const MEMORY_KIB: u32 = 64 << 10;
const PASSES: u32 = 3;

/// What becomes of a private key that others than its owner can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exposed {
    /// It is refused.
    Refused,
    /// It is taken.
    Taken,
}

/// Makes a private key of this name.
///
/// # Errors
/// `Invalid` if the name cannot be used; `Io` if the operating system gives no random bytes.
pub fn new_key(name: &str) -> Result<PrivateKey, Error> {
    let seed: Zeroizing<[u8; SEED_LEN]> = Zeroizing::new(Salts::new().next()?);
    PrivateKey::of_seed(name, &seed).ok_or_else(|| unusable(name))
}

/// Makes a private key of ML-DSA-44 of this name, for second signatures.
///
/// # Errors
/// As [`new_key`]; `Unsupported` without the cargo feature `ml-dsa`.
pub fn new_second_key(name: &str) -> Result<SecondKey, Error> {
    knows_second()?;
    let seed: Zeroizing<[u8; SEED_LEN]> = Zeroizing::new(Salts::new().next()?);
    SecondKey::of_seed(name, &seed).ok_or_else(|| unusable(name))
}

fn unusable(name: &str) -> Error {
    Error::new(ErrorKind::Invalid, format!("a key cannot be named {name:?}: no white space, no plus sign"))
}

fn knows_second() -> Result<(), Error> {
    if SecondKey::IS_KNOWN {
        return Ok(());
    }
    let message = "this annals was built without ML-DSA; nothing was recorded, and no key made";
    Err(Error::new(ErrorKind::Unsupported, message).with_hint("build it with the cargo feature ml-dsa"))
}

/// Keeps a private key in a new file that only its owner can read.
///
/// # Errors
/// `Invalid` if something is there already, or it would stand in a ledger's folder; `Io`. There is no new file then.
pub fn keep_key(key: &PrivateKey, path: &Path, passphrase: Option<&[u8]>) -> Result<(), Error> {
    keep(&FIRST, key.name(), key.seed(), path, passphrase)
}

/// Keeps a key for second signatures in a new file that only its owner can read.
///
/// # Errors
/// As [`keep_key`].
pub fn keep_second_key(key: &SecondKey, path: &Path, passphrase: Option<&[u8]>) -> Result<(), Error> {
    keep(&SECOND, key.name(), key.seed(), path, passphrase)
}

fn keep(form: &Form, name: &str, seed: &[u8; SEED_LEN], path: &Path, passphrase: Option<&[u8]>) -> Result<(), Error> {
    let file = Whole::create_private(path)?;
    let text = match passphrase {
        None => {
            let seed = Zeroizing::new(base64(seed));
            Zeroizing::new([form.plain, "\n", name, "\n", &seed, "\n"].concat())
        }
        Some(passphrase) => Zeroizing::new(sealed(form, name, seed, passphrase)?),
    };
    file.fill(text.as_bytes())
}

/// Reads a private key; `passphrase` is asked if it is under one.
///
/// # Errors
/// `NotFound`, `Io`; `Invalid` if it holds no key, is under another passphrase, stands in a ledger's folder, or can be read
/// by others.
pub fn open_key<E: From<Error>>(
    path: &Path,
    exposed: Exposed,
    passphrase: impl FnOnce() -> Result<Vec<u8>, E>,
) -> Result<PrivateKey, E> {
    let (name, seed) = open(&FIRST, path, exposed, passphrase)?;
    Ok(PrivateKey::of_seed(&name, &seed).ok_or_else(|| no_key(&FIRST, path))?)
}

/// Reads a private key for second signatures.
///
/// # Errors
/// As [`open_key`]; `Unsupported` without the cargo feature `ml-dsa`.
pub fn open_second_key<E: From<Error>>(
    path: &Path,
    exposed: Exposed,
    passphrase: impl FnOnce() -> Result<Vec<u8>, E>,
) -> Result<SecondKey, E> {
    knows_second()?;
    let (name, seed) = open(&SECOND, path, exposed, passphrase)?;
    Ok(SecondKey::of_seed(&name, &seed).ok_or_else(|| no_key(&SECOND, path))?)
}

fn no_key(form: &Form, path: &Path) -> Error {
    let what = if form.plain == FIRST.plain { "private key" } else { "private key of ML-DSA-44" };
    Error::new(ErrorKind::Invalid, format!("{} holds no {what} of annals", path.display()))
}

/// Name and seed in a file of this form.
fn open<E: From<Error>>(
    form: &Form,
    path: &Path,
    exposed: Exposed,
    passphrase: impl FnOnce() -> Result<Vec<u8>, E>,
) -> Result<(String, Zeroizing<[u8; SEED_LEN]>), E> {
    refuse_inside(path)?;
    let bytes = read(path, exposed)?;
    // What is no text is no key; its bytes are told to nobody.
    let text = std::str::from_utf8(&bytes).unwrap_or_default();
    let invalid = |what: &str| Error::new(ErrorKind::Invalid, format!("{} {what}", path.display()));
    let mut lines = text.lines();
    let (first, name, secret) = (lines.next(), lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let secret = of_base64(secret).map(Zeroizing::new).filter(|_| lines.next().is_none() && is_key_name(name));
    let seed = match (first, secret) {
        (Some(first), Some(seed)) if first == form.plain => seed,
        (Some(first), Some(sealed)) if first == form.sealed => {
            let passphrase = Zeroizing::new(passphrase()?);
            let seed = opened(form, name, &sealed, &passphrase);
            seed.ok_or_else(|| invalid("is under another passphrase, or was changed"))?
        }
        (Some(first), _) if [SECOND.plain, SECOND.sealed].contains(&first) => {
            return Err(invalid("holds a key of ML-DSA-44")
                .with_hint("give it with --second-key, beside --key")
                .into());
        }
        _ => return Err(no_key(form, path).into()),
    };
    let seed = <[u8; SEED_LEN]>::try_from(seed.as_slice()).map_err(|_| no_key(form, path))?;
    Ok((name.to_owned(), Zeroizing::new(seed)))
}

/// The bytes of a key's file.
fn read(path: &Path, exposed: Exposed) -> Result<Zeroizing<Vec<u8>>, Error> {
    let file = open_to_read(path, Links::Followed).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            let message = format!("there is no key file {:?}; nothing was recorded", path.display().to_string());
            Error::new(ErrorKind::NotFound, message)
        }
        _ => Error::io("read the key file", path, &error),
    })?;
    if exposed == Exposed::Refused && is_exposed(&file).map_err(|error| Error::io("read the key file", path, &error))? {
        let shown = path.display();
        let message = format!("the private key {shown} can be read by others than its owner; nothing was recorded");
        let hint = format!(
            "chmod 600 {shown}; whoever read it can sign as you: if that may be, revoke it. --force-insecure-key goes on"
        );
        return Err(Error::new(ErrorKind::Invalid, message).with_hint(hint));
    }
    if file.metadata().is_ok_and(|metadata| metadata.len() > FILE_LEN_MAX as u64) {
        return Err(no_key(&FIRST, path));
    }
    read_open(file, path, FILE_LEN_MAX).map(Zeroizing::new)
}

/// Whether a file's group, or everybody, may read it or write to it.
#[cfg(unix)]
fn is_exposed(file: &File) -> std::io::Result<bool> {
    Ok(std::os::unix::fs::MetadataExt::mode(&file.metadata()?) & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_exposed(_: &File) -> std::io::Result<bool> {
    Ok(false)
}

fn sealed(form: &Form, name: &str, seed: &[u8; SEED_LEN], passphrase: &[u8]) -> Result<String, Error> {
    let random: [u8; SALT_LEN + NONCE_LEN] = Salts::new().next()?;
    let (salt, nonce) = random.split_at(SALT_LEN);
    let form = format!("{}\n{name}\n", form.sealed);
    let payload = Payload { msg: seed, aad: form.as_bytes() };
    let nonce = Nonce::try_from(nonce).ok();
    let cipher = cipher(passphrase, salt);
    let sealed = cipher.zip(nonce).and_then(|(cipher, nonce)| cipher.encrypt(&nonce, payload).ok());
    let sealed = sealed.ok_or_else(|| Error::new(ErrorKind::Invalid, "this passphrase cannot be used"))?;
    Ok(format!("{form}{}\n", base64(&[&random, sealed.as_slice()].concat())))
}

fn opened(form: &Form, name: &str, sealed: &[u8], passphrase: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (salt, sealed) = sealed.split_first_chunk::<SALT_LEN>()?;
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>()?;
    let form = format!("{}\n{name}\n", form.sealed);
    let payload = Payload { msg: sealed, aad: form.as_bytes() };
    cipher(passphrase, salt)?.decrypt(&Nonce::from(*nonce), payload).ok().map(Zeroizing::new)
}

fn cipher(passphrase: &[u8], salt: &[u8]) -> Option<ChaCha20Poly1305> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, Some(32)).ok()?;
    let mut key = Zeroizing::new([0; 32]);
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into(passphrase, salt, key.as_mut_slice()).ok()?;
    Some(ChaCha20Poly1305::new(<&Key>::from(&*key)))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn opened(path: &Path, passphrase: &str) -> Result<PrivateKey, Error> {
        open_key(path, Exposed::Taken, || Ok(passphrase.as_bytes().to_vec()))
    }

    #[test]
    fn a_key_is_kept_and_opened_with_and_without_a_passphrase() {
        let dir = tempfile::tempdir().unwrap();
        let (key, path) = (new_key("ana").unwrap(), dir.path().join("ana.key"));
        let other = dir.path().join("ana.sealed");
        keep_key(&key, &path, None).unwrap();
        keep_key(&key, &other, Some(b"correct horse")).unwrap();
        for path in [&path, &other] {
            let opened = opened(path, "correct horse").unwrap();
            assert_eq!((opened.name(), opened.seed()), ("ana", key.seed()));
            #[cfg(unix)]
            assert_eq!(
                std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path).unwrap().permissions()) & 0o777,
                0o600
            );
            assert_eq!(keep_key(&key, path, None).unwrap_err().kind(), ErrorKind::Invalid, "it is not written over");
        }
        assert!(opened(&other, "correct house").is_err());
        let text = fs::read_to_string(&other).unwrap();
        assert!(!text.contains(&base64(key.seed())));
        fs::write(&other, text.replace("ana", "ben")).unwrap();
        assert!(opened(&other, "correct horse").is_err(), "the name is sealed with it");
    }

    #[test]
    fn a_key_is_neither_kept_in_a_ledger_nor_read_from_one() {
        let dir = tempfile::tempdir().unwrap();
        crate::ledger::Ledger::create(dir.path(), None, 1).unwrap();
        fs::create_dir(dir.path().join("evidence")).unwrap();
        let key = new_key("ana").unwrap();
        for inside in ["ana.key", "log/ana.key", "evidence/ana.key"].map(|name| dir.path().join(name)) {
            assert_eq!(keep_key(&key, &inside, None).unwrap_err().kind(), ErrorKind::Invalid);
            assert!(!inside.exists());
            fs::write(&inside, format!("{}\nana\n{}\n", FIRST.plain, base64(key.seed()))).unwrap();
            let error = opened(&inside, "").unwrap_err();
            assert!(error.to_string().contains("inside the ledger"), "{error}");
        }
    }

    #[test]
    fn what_is_no_key_is_told_without_its_content() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ana.key");
        for content in ["", "secret", "annals private key 1\nana\nAAAA\n", "annals private key 1\na b\nAAAA\n"] {
            fs::write(&path, content).unwrap();
            let error = opened(&path, "").unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Invalid);
            assert!(!error.to_string().contains("secret") && !error.to_string().contains("AAAA"));
        }
        assert_eq!(opened(&dir.path().join("none"), "").unwrap_err().kind(), ErrorKind::NotFound);
    }
}
