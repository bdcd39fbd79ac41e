//! Flags of acts upon earlier events.

use clap::Args;

/// Who acts upon an event, and when that was said.
#[derive(Debug, Args)]
pub(crate) struct ByArgs {
    /// The source that acts; left out, the desk
    #[arg(long, value_name = "SOURCE")]
    pub(crate) by: Option<String>,
    /// When it was said; a day may have a time, as 2024-11-23T19:00-04:00
    #[arg(long, value_name = "DATE")]
    pub(crate) said_on: Option<String>,
    /// Your own key for it
    #[arg(long, value_name = "KEY")]
    pub(crate) id: Option<String>,
    /// Say which answers would change; record nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Arguments of `retract`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Claims can be taken back, and what was said of them (corrections, disputes, verdicts, approvals, notes, references); what
registers or describes an entity, a source or an attribute; grades, links, judgements of identity and captured copies. Not
the ledger's beginning, actors, settings, keys, erasures and retractions.

Retracting a correction brings the old claim back and takes its successor away.

Examples:
  annals retract 63 --reason 'we typed the wrong name'
  annals retract c063 --by spokesman --said-on 2024-05-06 --reason 'names were mixed up'")]
pub(crate) struct RetractArgs {
    /// What to take back: its number, its id or the start of its id
    pub(crate) target: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) act: ByArgs,
}

/// Arguments of `dispute`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Example:
  annals dispute c078 --by brazil-foreign-ministry --said-on 2024-09-07 --grounds 'not agreed'")]
pub(crate) struct DisputeArgs {
    /// The claim: its number, its id or the start of its id
    pub(crate) target: String,
    /// On what grounds
    #[arg(long, value_name = "TEXT")]
    pub(crate) grounds: String,
    #[command(flatten)]
    pub(crate) act: ByArgs,
}

/// Arguments of `assess`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
A claim rated true settles a contest; one rated false (and true by nobody) is no longer used. Another word of your scale, such
as half-true, is shown and changes no answer. What looks like a slip for true or false is asked about; --anyway records it.

Example:
  annals assess c002 --rating false --rationale 'seen there on 5 March' --credibility 5")]
pub(crate) struct AssessArgs {
    /// The claim: its number, its id or the start of its id
    pub(crate) target: String,
    /// true, false, or another word of your scale
    #[arg(long, value_name = "WORD")]
    pub(crate) rating: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) rationale: String,
    /// Your own wording of the rating
    #[arg(long, value_name = "TEXT")]
    pub(crate) label: Option<String>,
    /// Record a rating that looks like a slip for another word
    #[arg(long)]
    pub(crate) anyway: bool,
    /// 1 (confirmed) to 6 (cannot be judged)
    #[arg(long, value_name = "1-6", value_parser = clap::value_parser!(u8).range(1..=6))]
    pub(crate) credibility: Option<u8>,
    #[command(flatten)]
    pub(crate) act: ByArgs,
}

/// Arguments of `approve`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Where the setting four_eyes asks for it, what one actor records waits until another approves it. An approval of one's own
counts for nothing.

Example:
  annals approve 88 --reason 'checked against the video' --actor ben")]
pub(crate) struct ActArgs {
    /// What to approve: its number, its id or the start of its id
    pub(crate) target: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// Your own key for it
    #[arg(long, value_name = "KEY")]
    pub(crate) id: Option<String>,
    /// Say which answers would change; record nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Arguments of `return`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
What waits for approval goes back to who recorded it, with the reason; it goes on waiting.

Example:
  annals return 88 --reason 'the quote names another day' --actor ben")]
pub(crate) struct ReturnArgs {
    /// What to return: its number, its id or the start of its id
    pub(crate) target: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// Your own key for it
    #[arg(long, value_name = "KEY")]
    pub(crate) id: Option<String>,
}

/// Arguments of `cite`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
One more address, quote or captured copy for a claim that is there. A claim by another source is no reference: record it.

Examples:
  annals cite 88 --url https://example.org/later --quote 'the power is out'
  annals cite c088 --evidence page.html --quote 'the power is out'")]
pub(crate) struct CiteArgs {
    /// The claim: its number, its id or the start of its id
    #[arg(value_name = "CLAIM")]
    pub(crate) target: String,
    /// Where it was found too
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// The source's very words there; […] stands for what is left out
    #[arg(long, value_name = "TEXT")]
    pub(crate) quote: Option<String>,
    /// A captured copy: a file to keep in the ledger, or the digest of one that is kept. Quotes are looked for in plain text, HTML,
    /// PDF, WARC and WACZ (of an archive: in the answer of --url)
    #[arg(long, value_name = "FILE|DIGEST")]
    pub(crate) evidence: Vec<String>,
    /// Record the quote although it does not occur in the captured copy
    #[arg(long)]
    pub(crate) unverified_quote: bool,
    /// Language of the quote
    #[arg(long, value_name = "BCP47")]
    pub(crate) lang: Option<String>,
    /// A note of yours
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
    /// Your own key for it
    #[arg(long, value_name = "KEY")]
    pub(crate) id: Option<String>,
}

/// Arguments of `undo`.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[derive(Debug, Args)]
#[command(after_long_help = "\
Takes back what you recorded last, by retractions: nothing is removed, and the history shows both. An import is taken back
as a whole. Refused if later events build on it, or if it holds keys, settings or erasures.

A retraction is not taken back: after an undo, a second one takes back what you recorded before that, with --further.

Examples:
  annals undo
  annals undo --dry-run
  annals undo --whole --yes --reason 'the wrong file'")]
pub(crate) struct UndoArgs {
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "recorded by mistake")]
    pub(crate) reason: String,
    /// Pass over what is taken back already, and take back the newest that is not
    #[arg(long)]
    pub(crate) further: bool,
    /// Take back an import of more than 100 events too
    #[arg(long)]
    pub(crate) whole: bool,
    /// Only show what would be taken back
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask; needed where nobody can answer
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) yes: bool,
}

/// Arguments of `erase`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
What the events say is overwritten with zeros, and captured copies that no claim refers to any more are
removed. That the events were there stays on record, and so does what others say of them; no hash
changes. It is for what the law wants gone: to take something back, use retract or correct.

A name stands in the event that registered it, and in those that describe the same thing again; `annals log`
shows which. Exports, receipts, backups and other copies of the ledger are yours to clean.

Examples:
  annals erase '#88' --basis 'court order 12/2024'
  annals erase 88 91 --basis 'request of 2024-12-01, Art. 17 GDPR' --yes
  annals erase c063 --quote-only --basis 'request of the person quoted'")]
pub(crate) struct EraseArgs {
    /// The events: ids, or #SEQ
    #[arg(required = true, value_name = "SEQ")]
    pub(crate) targets: Vec<String>,
    /// The legal basis; it stays on record
    #[arg(long, value_name = "TEXT")]
    pub(crate) basis: String,
    /// First correct the claims to the same without their quotes, then erase the old ones
    #[arg(long)]
    pub(crate) quote_only: bool,
    /// Do not ask; needed where nobody can answer
    #[arg(long)]
    pub(crate) yes: bool,
}

/// Arguments of `note`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Example:
  annals note 'ask the ministry for the minutes' --about c078")]
pub(crate) struct NoteArgs {
    /// The note
    pub(crate) text: String,
    /// What it is about: an event, or an entity, attribute or source; left out, the ledger
    #[arg(long, value_name = "EVENT|KEY")]
    pub(crate) about: Option<String>,
    /// Keep it at the desk: it is neither published nor exported
    #[arg(long)]
    pub(crate) private: bool,
    /// Your own key for it
    #[arg(long, value_name = "KEY")]
    pub(crate) id: Option<String>,
}
