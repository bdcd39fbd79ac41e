//! Flags of keys.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// Arguments of `key`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Once a key is authorised, every commit is signed, and a write needs --key FILE or ANNALS_KEY. Roles: append, assess,
approve, erase, keys (authorise and revoke). The first key has all of them, unless --role says which.

Examples:
  annals key new ~/ana.key --name ana --passphrase
  annals init --key ~/ana.key --actor ana            a ledger that is signed from its beginning
  annals key authorise 'ana+2c3d4e5f+AR…' --key ~/ana.key       the first key of a ledger that was not signed
  annals key list
  annals key authorise 'ben+0a1b2c3d+AR…' --role append --role assess --key ~/ana.key
  annals key new ~/ana.second --name ana-2 --algorithm ml-dsa-44
  annals key authorise 'ana-2+1b2c3d4e+BH…' --key ~/ana.key     from then on add --second-key ~/ana.second
  annals key revoke ben --reason 'laptop stolen' --key ~/ana.key")]
pub(crate) struct KeyArgs {
    #[command(subcommand)]
    pub(crate) act: KeyCommand,
}

/// What to do with keys.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Make a private key in a new file outside the ledger, and show its public key
    New(NewKeyArgs),
    /// Who may record what, and who once might
    List,
    /// Let a key record; the first key of a ledger must be your own (--key)
    Authorise(AuthoriseArgs),
    /// Let a key record no more
    Revoke(RevokeArgs),
}

/// What a key signs with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KeyAlgorithm {
    /// RFC 8032: whoever records needs such a key
    Ed25519,
    /// FIPS 204: a second signature beside one of Ed25519
    #[value(name = "ml-dsa-44")]
    MlDsa44,
}

/// Arguments of `key new`.
#[derive(Debug, Args)]
pub(crate) struct NewKeyArgs {
    /// The new file; only you can read it
    pub(crate) file: PathBuf,
    /// What the key is called: whose it is
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
    /// What it signs with; ml-dsa-44 gives second signatures, which quantum computers are not thought to forge
    #[arg(long, value_enum, value_name = "ALGORITHM", default_value_t = KeyAlgorithm::Ed25519)]
    pub(crate) algorithm: KeyAlgorithm,
    /// Keep it under a passphrase: asked for, or taken from `ANNALS_PASSPHRASE`
    #[arg(long)]
    pub(crate) passphrase: bool,
}

/// Arguments of `key authorise`.
#[derive(Debug, Args)]
pub(crate) struct AuthoriseArgs {
    /// The public key, as `key new` shows it
    #[arg(value_name = "PUBLIC KEY")]
    pub(crate) public_key: String,
    /// What it may do: append, assess, approve, erase, keys; left out for the first key, all. A key of ML-DSA-44 has none
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: Vec<String>,
}

/// Arguments of `key revoke`.
#[derive(Debug, Args)]
pub(crate) struct RevokeArgs {
    /// The key: its name, #SEQ, or the public key itself
    #[arg(value_name = "KEY")]
    pub(crate) named: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
}
