//! Flags of proofs for people without the ledger.

use std::path::PathBuf;

use clap::Args;

/// Arguments of `prove`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
A receipt is one text file: the events, and the way from them to the root of the ledger's head. Whoever has
that head from somewhere else needs nothing more, neither the ledger nor a network, to be sure that the
ledger held these events just so. It holds what the events say: give it to those who may know that.

Examples:
  annals prove '#8' > receipt.txt
  annals prove 8 12 c063 --output receipt.txt
  annals prove 8 --newest                            not at the newest head that witnesses cosigned
  annals prove --from 8 > growth.txt                 that the ledger only grew since it had 8 events
  annals prove --from 8 --to 12 > growth.txt         and led from there to the head that it had with 12
  annals check receipt.txt")]
pub(crate) struct ProveArgs {
    /// The events: ids, or #SEQ; several share one receipt
    #[arg(required_unless_present = "from", value_name = "SEQ")]
    pub(crate) targets: Vec<String>,
    /// Prove instead that the ledger only grew since it had so many events
    #[arg(long, value_name = "SIZE", conflicts_with = "targets")]
    pub(crate) from: Option<u64>,
    /// With --from: lead to the head that it had with so many events; left out, to the newest that witnesses cosigned
    #[arg(long, value_name = "SIZE", requires = "from", conflicts_with_all = ["newest", "targets"])]
    pub(crate) to: Option<u64>,
    /// Lead to the newest head also if an older one that is there was cosigned by witnesses (`annals witness`)
    #[arg(long)]
    pub(crate) newest: bool,
    /// Where to write; left out, standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Replace the file that is there
    #[arg(long, requires = "output")]
    pub(crate) force: bool,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Needs no ledger and no network. It computes everything anew from the bytes in the file, and says what they
prove. A head that nobody signed could have been made by anybody: give one that was kept elsewhere with --head.

Examples:
  annals check receipt.txt
  annals check receipt.txt --head kept.txt           kept.txt is what `annals head` printed
  annals check receipt.txt --policy policy.txt       signed by a log of the policy, and cosigned by enough witnesses")]
pub(crate) struct CheckArgs {
    /// The receipt, or proof of growth; - is standard input
    pub(crate) file: PathBuf,
    /// A head kept elsewhere: the proof must lead to that very head (or from it, if it proves growth)
    #[arg(long, value_name = "FILE")]
    pub(crate) head: Option<PathBuf>,
    /// The public key that must have signed the head: NAME+ID+KEY, as `annals key list` shows it for heads, or a file
    #[arg(long, value_name = "KEY|FILE")]
    pub(crate) signed_by: Option<String>,
    /// Who must have signed and cosigned the head (a C2SP tlog-policy)
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
}

/// Arguments of `publish`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Any web server or object store can serve the folder as it is. It holds the signed head, the tree as tiles
(c2sp.org/tlog-tiles), and what the events say, each by itself, so that what is erased can go. Captured copies
are not published. Only what is new is written, and the head last: publish as often as you like.

Readers follow it with `annals verify --url`, or with any program that reads such tiles.

Examples:
  annals publish /srv/www/siege
  annals publish site --whole                        looks at every file, and mends what was changed")]
pub(crate) struct PublishArgs {
    /// The folder to be served; made if it is not there
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// Look at every file that was published, and write anew what is missing or was changed
    #[arg(long)]
    pub(crate) whole: bool,
}

/// Arguments of `anchor`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
A time-stamp (RFC 3161) is an authority's signature under a hash and the time it saw it. It proves, to people who
trust that authority and not you, that the ledger held its events at the latest then. annals asks nobody: it makes
the request and checks the answer, and you send the one and fetch the other. Without a flag, it lists what is kept.

Examples:
  annals anchor --request ask.tsq
  curl -H 'Content-Type: application/timestamp-query' --data-binary @ask.tsq https://tsa.example/ > answer.tsr
  annals anchor --attach answer.tsr --ca ca.pem
  annals anchor --attach answer.tsr --ca ca.pem --record --actor ana      also as evidence in the ledger itself
  annals anchor --check --ca ca.pem                                       all that is kept, anew
  annals anchor")]
pub(crate) struct AnchorArgs {
    /// Write a request to stamp the newest head; - is standard output
    #[arg(long, value_name = "FILE", conflicts_with_all = ["attach", "check"])]
    pub(crate) request: Option<PathBuf>,
    /// Replace the file that is there
    #[arg(long, requires = "request")]
    pub(crate) force: bool,
    /// Check an authority's answer to an earlier request, and keep it beside the log
    #[arg(long, value_name = "FILE", requires = "ca", conflicts_with = "check")]
    pub(crate) attach: Option<PathBuf>,
    /// Check all that is kept anew, with the ledger's own bytes
    #[arg(long, requires = "ca")]
    pub(crate) check: bool,
    /// The certificates of those you trust to vouch for authorities of time, in PEM
    #[arg(long, value_name = "FILE", conflicts_with = "request")]
    pub(crate) ca: Option<PathBuf>,
    /// Record the stamped head and the answer as evidence, too
    #[arg(long, requires = "attach")]
    pub(crate) record: bool,
}
