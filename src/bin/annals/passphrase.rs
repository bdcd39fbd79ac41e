//! Passphrases of private keys: from the environment, or asked for on the terminal.

use annals::ledger::{Error, ErrorKind};
use zeroize::Zeroizing;

use crate::failure::Failure;

const VARIABLE: &str = "ANNALS_PASSPHRASE";

fn from_environment() -> Option<Vec<u8>> {
    std::env::var_os(VARIABLE).map(std::ffi::OsString::into_encoded_bytes)
}

fn ask(what: &str) -> Result<Vec<u8>, Failure> {
    rpassword::prompt_password(what).map(String::into_bytes).map_err(|error| {
        let message = "a passphrase is needed, and nobody can be asked for it; nothing was recorded";
        Error::new(ErrorKind::Invalid, message).because(error).with_hint(format!("set {VARIABLE}")).into()
    })
}

/// The passphrase of a key.
pub(crate) fn given() -> Result<Vec<u8>, Failure> {
    from_environment().map_or_else(|| ask("Passphrase: "), Ok)
}

/// One for a new key, asked for twice.
pub(crate) fn chosen() -> Result<Zeroizing<Vec<u8>>, Failure> {
    if let Some(passphrase) = from_environment().map(Zeroizing::new) {
        return not_empty(passphrase);
    }
    let first = not_empty(Zeroizing::new(ask("Passphrase for the new key: ")?))?;
    if Zeroizing::new(ask("The same again: ")?) != first {
        return Err(Failure::usage("the two passphrases differ; no key was made", "try again"));
    }
    Ok(first)
}

/// An empty one protects nothing.
fn not_empty(passphrase: Zeroizing<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>, Failure> {
    if passphrase.is_empty() {
        let hint = format!("unset {VARIABLE} to be asked for one, or leave --passphrase out");
        return Err(Failure::usage("the passphrase is empty; no key was made", &hint));
    }
    Ok(passphrase)
}
