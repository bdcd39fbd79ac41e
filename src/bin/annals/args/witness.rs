//! Flags of witnesses.

use std::path::PathBuf;

use clap::Args;

/// Arguments of `head`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
A signed ledger's head is a signed note that other tools open, with the cosignatures of witnesses that are kept of it.
With --cosigned it is the newest head that has any; with --policy, the newest that has enough of them.

Examples:
  annals head > kept.txt
  annals head --cosigned --policy policy.txt > checkpoint.txt")]
pub(crate) struct HeadArgs {
    /// The newest head that witnesses cosigned, which may be older than the newest
    #[arg(long)]
    pub(crate) cosigned: bool,
    /// Which witnesses must have cosigned it (a C2SP tlog-policy)
    #[arg(long, value_name = "FILE", requires = "cosigned")]
    pub(crate) policy: Option<PathBuf>,
}

/// Arguments of `witness`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
A witness is somebody else who has seen the ledger grow, and signs each head only if it grew from the one before: so
nobody can be shown another history under the same name. It needs your public key first (`annals key list`, the line
`heads`). What it cosigns is kept in the ledger's folder and goes into receipts. Without arguments, lists what is kept.

A policy is a file of lines: `log VKEY`, `witness NAME VKEY URL`, `group NAME 2 A B C`, `quorum NAME`. With --policy and
no address, every witness in it that has an address is asked. A proxy is used if HTTPS_PROXY or HTTP_PROXY names one.

Examples:
  annals witness https://witness.example.com --vkey 'witness.example.com/w1+0a1b2c3d+BE…'
  annals witness --policy policy.txt
  annals witness --policy policy.txt --record --actor ana
  annals head > head.txt                             send it, put the answer below it, and keep that
  annals witness --attach head.txt --policy policy.txt
  annals witness                                     what is kept")]
pub(crate) struct WitnessArgs {
    /// Where the witness takes checkpoints: what stands in front of `/add-checkpoint`
    #[arg(value_name = "URL", requires = "vkey")]
    pub(crate) url: Option<String>,
    /// The witness's public key: NAME+ID+KEY, or a file that holds it
    #[arg(long, value_name = "KEY|FILE", conflicts_with = "policy")]
    pub(crate) vkey: Option<String>,
    /// Whose cosignatures count, and how many of them are needed (a C2SP tlog-policy)
    #[arg(long, value_name = "FILE", conflicts_with = "url")]
    pub(crate) policy: Option<PathBuf>,
    /// Keep cosignatures that came in a file: a head with them below it, or the lines alone for the newest head
    #[arg(long, value_name = "FILE", conflicts_with = "url")]
    pub(crate) attach: Option<PathBuf>,
    /// Record the cosigned head in the ledger as a captured copy, so that the ledger shows its own age
    #[arg(long)]
    pub(crate) record: bool,
}
