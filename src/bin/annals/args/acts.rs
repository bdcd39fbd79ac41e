//! Flags of acts upon earlier events, and of what is registered.

use clap::Args;

/// Who acts upon an event, and when that was said.
#[derive(Debug, Args)]
pub(crate) struct ByArgs {
    /// The source that acts; left out, the desk
    #[arg(long, value_name = "SOURCE")]
    pub(crate) by: Option<String>,
    /// When it was said
    #[arg(long, value_name = "EDTF")]
    pub(crate) said_on: Option<String>,
    /// Your own key for it
    #[arg(long, value_name = "KEY")]
    pub(crate) id: Option<String>,
}

/// Arguments of `retract`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Retracting a correction brings the old claim back and takes its successor away.

Examples:
  annals retract c063 --reason 'we typed the wrong name'
  annals retract c063 --by spokesman --said-on 2024-05-06 --reason 'names were mixed up'")]
pub(crate) struct RetractArgs {
    /// What to take back: its id, or #SEQ
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
    /// The claim: its id, or #SEQ
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
A claim rated true settles a contest; one rated false (and true by nobody) is no longer used.

Example:
  annals assess c002 --rating false --rationale 'seen there on 5 March' --credibility 5")]
pub(crate) struct AssessArgs {
    /// The claim: its id, or #SEQ
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
    /// 1 (confirmed) to 6 (cannot be judged)
    #[arg(long, value_name = "1-6", value_parser = clap::value_parser!(u8).range(1..=6))]
    pub(crate) credibility: Option<u8>,
    #[command(flatten)]
    pub(crate) act: ByArgs,
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
    /// What it is about: an id, #SEQ, or the key of an entity, attribute or source; left out, the ledger
    #[arg(long, value_name = "ID|#SEQ|KEY")]
    pub(crate) about: Option<String>,
    /// Your own key for it
    #[arg(long, value_name = "KEY")]
    pub(crate) id: Option<String>,
}

/// Arguments of `attribute`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  annals attribute                                   lists them
  annals attribute electricity                       shows one
  annals attribute electricity --type symbol --complement on,off --label Electricity
  annals attribute number-inside --type quantity --unit person --stale-after-days 0
  annals attribute condemned-by --type entity --multi")]
pub(crate) struct AttributeArgs {
    /// Its key
    pub(crate) key: Option<String>,
    /// Declare it: text, symbol, bool, entity, quantity, date, url
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) value_type: Option<String>,
    /// Several values at a time
    #[arg(long, requires = "value_type")]
    pub(crate) multi: bool,
    /// Two values where not the one is the other
    #[arg(long, value_name = "A,B", requires = "value_type")]
    pub(crate) complement: Option<String>,
    /// How many days a value is carried on; 0: only that day
    #[arg(long, value_name = "DAYS", requires = "value_type")]
    pub(crate) stale_after_days: Option<u32>,
    /// Unit of a quantity that names none
    #[arg(long, value_name = "UNIT", requires = "value_type")]
    pub(crate) unit: Option<String>,
    /// Its name for people
    #[arg(long, value_name = "TEXT", requires = "value_type")]
    pub(crate) label: Option<String>,
}

/// Arguments of `entity`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  annals entity                                      lists them
  annals entity embassy --label 'Argentine embassy, Caracas' --alias 'embajada argentina'
  annals entity gonzalez --same-as gonzales --reason spelling")]
pub(crate) struct EntityArgs {
    /// Its key
    pub(crate) key: Option<String>,
    /// Its name for people
    #[arg(long, value_name = "TEXT", requires = "key")]
    pub(crate) label: Option<String>,
    /// Another name
    #[arg(long, value_name = "TEXT", requires = "key")]
    pub(crate) alias: Vec<String>,
    /// Judge that it is the same as this one
    #[arg(long, value_name = "KEY", requires = "key", conflicts_with_all = ["different_from", "unsure_of"])]
    pub(crate) same_as: Option<String>,
    /// Judge that it is not this one
    #[arg(long, value_name = "KEY", requires = "key", conflicts_with = "unsure_of")]
    pub(crate) different_from: Option<String>,
    /// Judge that it cannot be said whether it is this one
    #[arg(long, value_name = "KEY", requires = "key")]
    pub(crate) unsure_of: Option<String>,
    /// Why it is judged so
    #[arg(long, value_name = "TEXT", requires = "key")]
    pub(crate) reason: Option<String>,
    /// Your own key for the judgement
    #[arg(long, value_name = "KEY", requires = "key")]
    pub(crate) id: Option<String>,
}

/// Arguments of `source`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Reliability is the Admiralty scale: A completely reliable … E unreliable, F cannot be judged.

Examples:
  annals source                                      lists them
  annals source urruchurtu --kind person --label 'Pedro Urruchurtu' --reliability B
  annals source daily-x --link-to agency-y --link same-wire")]
pub(crate) struct SourceArgs {
    /// Its key
    pub(crate) key: Option<String>,
    /// person, organisation, work or unnamed
    #[arg(long, value_name = "KIND", requires = "key")]
    pub(crate) kind: Option<String>,
    /// Its name for people
    #[arg(long, value_name = "TEXT", requires = "key")]
    pub(crate) label: Option<String>,
    /// Grade it: A to F
    #[arg(long, value_name = "A-F", requires = "key")]
    pub(crate) reliability: Option<String>,
    /// Day of the grade
    #[arg(long, value_name = "EDTF", requires = "reliability")]
    pub(crate) rated_on: Option<String>,
    /// Why it is graded so
    #[arg(long, value_name = "TEXT", requires = "reliability")]
    pub(crate) reason: Option<String>,
    /// The source it hangs on
    #[arg(long, value_name = "KEY", requires = "key")]
    pub(crate) link_to: Option<String>,
    /// How: owned-by, republishes, same-wire, copies, same-as
    #[arg(long, value_name = "WORD", requires = "link_to")]
    pub(crate) link: Option<String>,
}
