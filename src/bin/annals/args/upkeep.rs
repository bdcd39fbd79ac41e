//! Flags of beginning, carrying in and out, and looking after a ledger.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};

use super::questions::DamageArgs;

/// Arguments of `init`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  annals init
  annals init --ledger siege --origin example.org/siege
  annals init --key ~/ana.key --actor ana            signed from its beginning, by this key first")]
pub(crate) struct InitArgs {
    /// The name under which the ledger's heads are published; left out, the folder's name and eight random digits
    #[arg(long, value_name = "NAME")]
    pub(crate) origin: Option<String>,
}

/// Arguments of `import`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Every line is checked before the first is recorded; if one is bad, nothing is written and every bad line
is named. What is there already is passed over, so a file can be imported again: an exported line is known by
its hash, another by its id, and one without either by all that it says. What was retracted, corrected or rated
false since is not recorded again; --again does that.

The export of another ledger keeps who entered what there, and when. Where a key means something else there, the
import stops with a list. Write the keys that are the same after all into a file, a line each (`entity embassy`,
`attribute power electricity` where the key here is the second), and name it with --join; the others get the name
of that ledger before them.

Examples:
  annals import siege.jsonl --actor ana
  annals import siege.jsonl --dry-run
  annals import siege.jsonl --rejects bad.jsonl      records what is good, and writes the rest there
  annals import colleague.jsonl --join same-keys.txt --evidence colleague-copies
  zcat claims.jsonl.gz | annals import -")]
#[expect(clippy::struct_excessive_bools, reason = "each is an option")]
pub(crate) struct ImportArgs {
    /// The file, one event a line; - is standard input
    pub(crate) file: PathBuf,
    /// Only check
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Refuse subjects, attributes and sources that are not registered
    #[arg(long)]
    pub(crate) strict: bool,
    /// Record what is good, and write the other lines to this file, each with its reason
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    pub(crate) rejects: Option<PathBuf>,
    /// Replace the file of rejects that is there
    #[arg(long, requires = "rejects")]
    pub(crate) force: bool,
    /// Record again what was retracted, corrected or rated false since it was recorded
    #[arg(long)]
    pub(crate) again: bool,
    /// Record a third value beside two of which not the one is the other, and an inferred date without a `dating_note`
    #[arg(long)]
    pub(crate) anyway: bool,
    /// Record quotes that do not occur in the captured copies
    #[arg(long)]
    pub(crate) unverified_quote: bool,
    /// Which keys of another ledger mean the same here: `entity KEY`, or `entity THERE HERE`, a line each
    #[arg(long, value_name = "FILE")]
    pub(crate) join: Option<PathBuf>,
    /// Take the captured copies from this folder, into which `annals export --evidence` put them
    #[arg(long, value_name = "DIR")]
    pub(crate) evidence: Option<PathBuf>,
}

/// Arguments of `export`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  annals export > siege.jsonl
  annals export --output siege.jsonl --evidence siege-copies    with the captured copies
  annals export --private                                       also what is private")]
pub(crate) struct ExportArgs {
    /// Where to write; left out, standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Replace the file that is there
    #[arg(long, requires = "output")]
    pub(crate) force: bool,
    /// Put the captured copies that the lines refer to into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) evidence: Option<PathBuf>,
    /// Write private sources, claims, notes and copies too, and what rests on them
    #[arg(long)]
    pub(crate) private: bool,
    #[command(flatten)]
    pub(crate) damage: DamageArgs,
}

/// Arguments of `verify`.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("elsewhere").args(["against", "url"])))]
#[command(after_long_help = "\
Captured copies are compared with their digests as well.

Without --expect this proves that nothing inside was changed. A cut at the end, or a ledger rewritten
from its beginning, shows only against a head that was kept elsewhere.

With --since only the segments from the one that holds that head on are read. It proves the same of what
came since, given that what came before is as it was; the roots in the seals are then not compared. A signed
head names a root and no tip, and a root needs every event: with one, everything is read. The tip stands in
the note `head SIZE:TIP` that `annals head` tells beside it.
While it works it tells now and then how far everything holds: go on from there if it is interrupted.

With --url it is a published ledger that is checked, fetched file by file: that --key signed its head, that it
grew from the last head that was seen, and every event since, with what it says. The head is then kept, in
--keep or else among your own files; a ledger that shrank, or that shows another past than it did, is refused.

Examples:
  annals verify
  annals head > kept.txt; annals verify --expect kept.txt
  annals verify --since kept.txt
  annals verify --against checkpoint.txt --key 'example.org/siege+0a1b2c3d+AR…'
  annals verify --against checkpoint.txt --policy policy.txt
  annals verify --url https://example.org/siege --key keys.txt --keep siege.head
  annals verify --url https://example.org/siege --policy policy.txt
  annals verify --url /srv/www/siege                 a folder that was published or fetched")]
pub(crate) struct VerifyArgs {
    /// A head kept elsewhere that the ledger must still contain: SIZE:TIP, or a file with what `head` printed
    #[arg(long, value_name = "SIZE:TIP|FILE")]
    pub(crate) expect: Option<String>,
    /// A head that was verified and kept: check only what came since, and that this head is still there
    #[arg(long, value_name = "SIZE:TIP|FILE", conflicts_with = "expect")]
    pub(crate) since: Option<String>,
    /// A signed head kept elsewhere: check that --key signed it, or that --policy accepts it, and that the ledger still
    /// contains it
    #[arg(long, value_name = "FILE", conflicts_with_all = ["expect", "since"])]
    pub(crate) against: Option<PathBuf>,
    /// Who must have signed and cosigned the head (a C2SP tlog-policy); if it names logs, --key is not looked at
    #[arg(long, value_name = "FILE", requires = "elsewhere")]
    pub(crate) policy: Option<PathBuf>,
    /// Check a published ledger instead: its address, or a folder. --key is then a public key, or a file with some
    #[arg(long, value_name = "URL|DIR", conflicts_with_all = ["expect", "since", "against"])]
    pub(crate) url: Option<String>,
    /// Where the last head that was seen is kept; left out, a file of its own among yours, which is named
    #[arg(long, value_name = "FILE", requires = "url")]
    pub(crate) keep: Option<PathBuf>,
    /// With --url: check also what was checked before
    #[arg(long, requires = "url")]
    pub(crate) whole: bool,
    /// How many threads; left out, one a core. With --url, how many files are fetched at a time; left out, 8
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
}

/// Arguments of `repair`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Only bytes after the last complete commit are moved aside; nothing is deleted, and damage is never touched. What was
moved to log/torn-… belongs to no log and may be deleted.

Example:
  annals repair")]
pub(crate) struct RepairArgs {}

/// Arguments of `cache`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
The cache spares questions, and what records, to read the whole ledger. It is yours alone, lies outside the ledger's
folder, and is made from the ledger again whenever it is missing, so it may be removed at any time and needs no copy.
Small ledgers have none. It is used only if nobody else can write there: its folder and those above it belong to you or
to root.

What is proven, published or exported never rests on it. What is recorded takes nothing from it that the ledger was not
seen to say. It holds what the ledger says: an erased event leaves the cache of who erases it at once, and that of others
when they ask or record the next time.

The newest head that you saw of a ledger is kept there too: if the ledger no longer holds that head, questions and proofs warn, `verify` says so, and nothing is recorded or published.
Clearing the cache accepts the ledger as it is.

Examples:
  annals cache                                       where it is, how large, up to which event
  annals cache clear
  annals cache rebuild
  annals state --on 2024-11-24 --cache none          asked of the ledger alone")]
pub(crate) struct CacheArgs {
    #[command(subcommand)]
    pub(crate) act: Option<CacheCommand>,
}

/// What to do with the cache.
#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum CacheCommand {
    /// Remove it
    Clear,
    /// Make it anew from the ledger
    Rebuild,
}

/// Arguments of `demo`.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:\n  annals demo\n  annals demo --into siege-ledger")]
pub(crate) struct DemoArgs {
    /// Where to leave the ledger, as --ledger; left out, a new folder beside where you are
    #[arg(long, value_name = "DIR")]
    pub(crate) into: Option<PathBuf>,
}

/// Arguments of `completions`.
#[derive(Debug, Args)]
#[command(after_long_help = "Example:\n  annals completions bash > ~/.local/share/bash-completion/completions/annals")]
pub(crate) struct CompletionsArgs {
    /// bash, elvish, fish, powershell or zsh
    pub(crate) shell: clap_complete::Shell,
}
