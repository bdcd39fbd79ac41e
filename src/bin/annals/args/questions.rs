//! Flags of questions.

use clap::Args;

/// What was known: how far the answer may look.
#[derive(Clone, Debug, Args)]
pub(crate) struct HorizonArgs {
    /// Only what had been said by this day
    #[arg(long, value_name = "DATE", help_heading = "What was known")]
    pub(crate) reported_by: Option<String>,
    /// Only what had been recorded here by this day, time or event
    #[arg(long, value_name = "DATE|TIME|#SEQ", help_heading = "What was known")]
    pub(crate) recorded_by: Option<String>,
}

/// Whether a damaged ledger may answer.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct DamageArgs {
    /// Answer from what is intact of a damaged ledger, and say what is missing
    #[arg(long)]
    pub(crate) despite_damage: bool,
}

/// Arguments of `state`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Statuses: stated (said of that very day), presumed (carried from another day), possible, contested,
unknown, none (known that there is none).

Examples:
  annals state --on 2024-11-24
  annals state embassy electricity --on 2024-11-24 --why
  annals state embassy electricity --on 2025-03-01 --reported-by 2025-03-01")]
pub(crate) struct StateArgs {
    /// Key of what is asked about; left out, everything
    pub(crate) subject: Option<String>,
    /// Key of the attribute; left out, all
    pub(crate) attribute: Option<String>,
    /// The day that is asked for; left out, today
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<String>,
    #[command(flatten)]
    pub(crate) horizon: HorizonArgs,
    /// Show the claims, what became of them, the marks and the row of the table that was read
    #[arg(long)]
    pub(crate) why: bool,
    /// Also what is unknown, each in a line of its own with the reason
    #[arg(long)]
    pub(crate) all: bool,
    /// Exit with 1 if nothing is known
    #[arg(long)]
    pub(crate) exit_code: bool,
    #[command(flatten)]
    pub(crate) damage: DamageArgs,
}

/// Arguments of `history`.
#[derive(Debug, Args)]
#[command(after_long_help = "Example:\n  annals history embassy electricity")]
pub(crate) struct HistoryArgs {
    /// Key of what is asked about
    pub(crate) subject: String,
    /// Key of the attribute
    pub(crate) attribute: String,
    #[command(flatten)]
    pub(crate) horizon: HorizonArgs,
    #[command(flatten)]
    pub(crate) damage: DamageArgs,
}

/// Arguments of `timeline`.
#[derive(Debug, Args)]
#[command(after_long_help = "Example:\n  annals timeline embassy electricity")]
pub(crate) struct TimelineArgs {
    /// Key of what is asked about
    pub(crate) subject: String,
    /// Key of the attribute; left out, all
    pub(crate) attribute: Option<String>,
    #[command(flatten)]
    pub(crate) horizon: HorizonArgs,
    #[command(flatten)]
    pub(crate) damage: DamageArgs,
}

/// Arguments of `diff`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Of the world only what has another answer is told: a value that is stated on one day and carried to the next is no change.

Examples:
  annals diff --from 2024-09-07 --to 2024-09-09               what changed in the world
  annals diff --known-from 2024-11-01 --known-to 2025-03-01 --on 2024-11-24
                                                              what was learned about that day")]
pub(crate) struct DiffArgs {
    /// Key of what is asked about; left out, everything
    pub(crate) subject: Option<String>,
    /// The first day
    #[arg(long, value_name = "DATE", requires = "to")]
    pub(crate) from: Option<String>,
    /// The last day
    #[arg(long, value_name = "DATE", requires = "from")]
    pub(crate) to: Option<String>,
    /// What was known first: a day (as reported), or a time or #SEQ (as recorded)
    #[arg(long, value_name = "DATE|TIME|#SEQ", requires = "known_to", conflicts_with = "from")]
    pub(crate) known_from: Option<String>,
    /// What was known later
    #[arg(long, value_name = "DATE|TIME|#SEQ", requires = "known_from")]
    pub(crate) known_to: Option<String>,
    /// The day in the world, for --known-from; left out, the later day, or today
    #[arg(long, value_name = "DATE", requires = "known_from")]
    pub(crate) on: Option<String>,
    #[command(flatten)]
    pub(crate) horizon: HorizonArgs,
    /// Exit with 1 if nothing changed
    #[arg(long)]
    pub(crate) exit_code: bool,
    #[command(flatten)]
    pub(crate) damage: DamageArgs,
}

/// Arguments of `first`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Claims without a date of saying come last. What its source took back since was said all the same, and is marked; what the
desk recorded by mistake, and took back or corrected, nobody said: that stands below by itself.

Example:
  annals first embassy under-siege true")]
pub(crate) struct FirstArgs {
    /// Key of what is asked about
    pub(crate) subject: String,
    /// Key of the attribute
    pub(crate) attribute: String,
    /// Only claims of this value
    #[arg(allow_negative_numbers = true)]
    pub(crate) value: Option<String>,
    #[command(flatten)]
    pub(crate) horizon: HorizonArgs,
    /// Exit with 1 if nobody said it
    #[arg(long)]
    pub(crate) exit_code: bool,
    #[command(flatten)]
    pub(crate) damage: DamageArgs,
}

/// Arguments of `contested`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  annals contested                       every day on which anything is contested
  annals contested --on 2024-07-30       what is contested of that day")]
pub(crate) struct ContestedArgs {
    /// Key of what is asked about; left out, everything
    pub(crate) subject: Option<String>,
    /// The day; left out, all days
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<String>,
    #[command(flatten)]
    pub(crate) horizon: HorizonArgs,
    /// Exit with 1 if nothing is contested
    #[arg(long)]
    pub(crate) exit_code: bool,
    #[command(flatten)]
    pub(crate) damage: DamageArgs,
}

/// Arguments of `stale`.
#[derive(Debug, Args)]
#[command(after_long_help = "Example:\n  annals stale --on 2025-06-01 --older-than 90")]
pub(crate) struct StaleArgs {
    /// Key of what is asked about; left out, everything
    pub(crate) subject: Option<String>,
    /// The day; left out, today
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<String>,
    /// Also what is carried on for more than so many days
    #[arg(long, value_name = "DAYS")]
    pub(crate) older_than: Option<u32>,
    #[command(flatten)]
    pub(crate) horizon: HorizonArgs,
    /// Exit with 1 if nothing is stale
    #[arg(long)]
    pub(crate) exit_code: bool,
    #[command(flatten)]
    pub(crate) damage: DamageArgs,
}

/// Arguments of `log`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  annals log --limit 20                    the newest 20
  annals log --since 200 --limit 20        the first 20 from #200 on
  annals log --reverse --limit 20          the newest 20, the newest first")]
pub(crate) struct LogArgs {
    /// From this event on
    #[arg(long, value_name = "#SEQ")]
    pub(crate) since: Option<String>,
    /// At most so many events: the newest, in order; with --since, the first from there
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u64>,
    /// The newest first
    #[arg(long)]
    pub(crate) reverse: bool,
    #[command(flatten)]
    pub(crate) damage: DamageArgs,
}

/// Arguments of `show`.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:\n  annals show c088\n  annals show '#88'")]
pub(crate) struct ShowArgs {
    /// Its id, or #SEQ
    pub(crate) target: String,
    #[command(flatten)]
    pub(crate) damage: DamageArgs,
}
