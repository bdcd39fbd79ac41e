//! The command line: commands, flags, help. Flags are named as the fields of JSONL are.

mod acts;
mod claims;
mod help;
mod keys;
mod proofs;
mod questions;
mod register;
mod upkeep;
mod witness;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

pub(crate) use acts::{
    ActArgs, AssessArgs, ByArgs, CiteArgs, DisputeArgs, EraseArgs, NoteArgs, RetractArgs, ReturnArgs, UndoArgs,
};
pub(crate) use claims::{ClaimArgs, CorrectArgs, RecordArgs};
pub(crate) use help::{command, hint};
pub(crate) use keys::{AuthoriseArgs, KeyAlgorithm, KeyArgs, KeyCommand, NewKeyArgs, RevokeArgs};
pub(crate) use proofs::{AnchorArgs, CheckArgs, ProveArgs, PublishArgs};
pub(crate) use questions::{
    ContestedArgs, DamageArgs, DiffArgs, FirstArgs, HistoryArgs, HorizonArgs, LogArgs, ShowArgs, StaleArgs, StateArgs,
    TimelineArgs,
};
pub(crate) use register::{
    AttributeArgs, EntityArgs, EvidenceAddArgs, EvidenceArgs, EvidenceCommand, SettingArgs, SourceArgs,
};
pub(crate) use upkeep::{
    CacheArgs, CacheCommand, CompletionsArgs, DemoArgs, ExportArgs, ImportArgs, InitArgs, RepairArgs, VerifyArgs,
};
pub(crate) use witness::{HeadArgs, WitnessArgs};

/// What the flag `--ledger` is called here.
pub(crate) const LEDGER: &str = "ledger";
/// What the flag `--key` is called here.
pub(crate) const KEY: &str = "private-key";

/// A fact ledger: record sourced claims, replay the state on any date, verify that nothing was changed.
#[derive(Debug, Parser)]
#[command(name = "annals", version, max_term_width = 100, arg_required_else_help = true, after_long_help = START)]
pub(crate) struct Cli {
    /// The ledger's folder
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "ANNALS_LEDGER",
        hide_env_values = true,
        default_value = "ledger"
    )]
    pub(crate) ledger: PathBuf,
    /// Who acts; every write needs it
    #[arg(long, global = true, value_name = "NAME", env = "ANNALS_ACTOR", hide_env_values = true)]
    pub(crate) actor: Option<String>,
    /// Your private key's file, where what is recorded is signed; for `verify` --against or --url, a public key
    #[arg(
        id = KEY,
        long = "key",
        global = true,
        value_name = "FILE",
        env = "ANNALS_KEY",
        hide_env_values = true
    )]
    pub(crate) key: Option<String>,
    /// Your private key of ML-DSA-44, which signs the same once more (`annals key new --algorithm ml-dsa-44`)
    #[arg(long, global = true, value_name = "FILE", env = "ANNALS_SECOND_KEY", hide_env_values = true)]
    pub(crate) second_key: Option<String>,
    /// Use a private key although others than its owner can read its file
    #[arg(long, global = true)]
    pub(crate) force_insecure_key: bool,
    /// How long to wait for others who write to the ledger; 0: not at all
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 60)]
    pub(crate) wait: u64,
    /// Where to keep what makes questions fast; `none`: nowhere; left out, among your caches
    #[arg(long, global = true, value_name = "DIR", env = "ANNALS_CACHE", hide_env_values = true)]
    pub(crate) cache: Option<OsString>,
    /// Answer in JSON Lines
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const START: &str = "\
Start here:
  annals demo                                     a ledger to play with
  annals init                                     a ledger of your own
  annals record embassy electricity off --on 2024-11-23 --said-by urruchurtu --actor ana
  annals state --on 2024-11-24                    what is known of that day
  annals first embassy electricity                who said it first
  annals diff --from 2024-09-07 --to 2024-09-09   what changed in between
  annals verify                                   whether anything was altered

Exit codes: 0 done, or it holds; 1 the answer is no; 2 wrong command line; 3 could not; 101 a bug.";

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Begin a ledger
    Init(InitArgs),
    /// Record a claim: who said what of whom, and when it held
    Record(RecordArgs),
    /// Replace a claim by a better one; the old one stays on record
    Correct(CorrectArgs),
    /// Take back an event: a claim, an act, a grade, a link, an alias
    Retract(RetractArgs),
    /// Take back what you recorded last
    Undo(UndoArgs),
    /// Add an address, a quote or a captured copy to a claim
    Cite(CiteArgs),
    /// Record that somebody disputes a claim
    Dispute(DisputeArgs),
    /// Give a checker's verdict on a claim
    Assess(AssessArgs),
    /// Agree, as a second person, to what another recorded
    Approve(ActArgs),
    /// Send back to who recorded it what you do not agree to
    Return(ReturnArgs),
    /// Note something about an event, an entity or the ledger
    Note(NoteArgs),
    /// Erase by law what events say; that they were there stays
    Erase(EraseArgs),
    /// List, show or declare attributes
    Attribute(AttributeArgs),
    /// List, show, register or judge entities
    Entity(EntityArgs),
    /// List, show, register, grade or link sources
    Source(SourceArgs),
    /// List or keep captured copies, show their text, check the quotes taken from them
    Evidence(EvidenceArgs),
    /// Show or change what holds for the whole ledger
    Setting(SettingArgs),
    /// Make, list, authorise or revoke keys that sign
    Key(KeyArgs),
    /// Record many events from a JSONL file, all or none
    Import(ImportArgs),
    /// Write the ledger's events as JSONL
    Export(ExportArgs),
    /// What is known of a date: what was the state then?
    State(StateArgs),
    /// Everything claimed of one attribute, as it was recorded
    History(HistoryArgs),
    /// How the answer changes from day to day
    Timeline(TimelineArgs),
    /// What changed between two dates, or in what was known
    Diff(DiffArgs),
    /// Who said it first?
    First(FirstArgs),
    /// What sources or checkers disagree on
    Contested(ContestedArgs),
    /// What has not been heard of for too long
    Stale(StaleArgs),
    /// The events as they were recorded
    Log(LogArgs),
    /// One event, whole
    Show(ShowArgs),
    /// Size and hash of the ledger, to be kept elsewhere
    Head(HeadArgs),
    /// Have heads cosigned by witnesses, or list who cosigned
    Witness(WitnessArgs),
    /// Make a receipt that proves to others what the ledger holds
    Prove(ProveArgs),
    /// Check a receipt, without the ledger
    Check(CheckArgs),
    /// Have the ledger's age attested by time-stamps
    Anchor(AnchorArgs),
    /// Write the ledger as a static web site that others can check
    Publish(PublishArgs),
    /// Check every byte: was anything altered?
    Verify(VerifyArgs),
    /// Move what a crash left unfinished out of the way
    Repair(RepairArgs),
    /// Say where the cache of this ledger is, clear it, or make it anew
    Cache(CacheArgs),
    /// Make a ledger of a real siege, and show what it can answer
    Demo(DemoArgs),
    /// Print shell completions
    Completions(CompletionsArgs),
    /// Print the manual page
    Man,
}

impl Command {
    /// Whether only what would be recorded is asked for.
    pub(crate) fn is_dry_run(&self) -> bool {
        match self {
            Command::Record(args) => args.claim.dry_run,
            Command::Correct(args) => args.claim.dry_run,
            Command::Retract(args) => args.act.dry_run,
            Command::Dispute(args) => args.act.dry_run,
            Command::Assess(args) => args.act.dry_run,
            Command::Approve(args) => args.dry_run,
            _ => false,
        }
    }

    /// What was said of damage, if it is a question that a damaged ledger may answer.
    pub(crate) fn damage(&self) -> Option<DamageArgs> {
        Some(match self {
            Command::Export(args) => args.damage,
            Command::State(args) => args.damage,
            Command::History(args) => args.damage,
            Command::Timeline(args) => args.damage,
            Command::Diff(args) => args.damage,
            Command::First(args) => args.damage,
            Command::Contested(args) => args.damage,
            Command::Stale(args) => args.damage,
            Command::Log(args) => args.damage,
            Command::Show(args) => args.damage,
            _ => return None,
        })
    }
}
