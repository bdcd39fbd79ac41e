//! Flags of what is registered, and of settings.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Arguments of `attribute`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  annals attribute                                   lists them
  annals attribute electricity                       shows one
  annals attribute electricity --type symbol --complement on,off --label Electricity
  annals attribute number-inside --type quantity --unit person --stale-after-days 0
  annals attribute condemned-by --type entity --multi
  annals attribute winner --type entity --fixed")]
pub(crate) struct AttributeArgs {
    /// Its key
    pub(crate) key: Option<String>,
    /// List what was taken back too
    #[arg(long, conflicts_with = "key")]
    pub(crate) all: bool,
    /// Declare it: text, symbol, bool, entity, quantity, date, url
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) value_type: Option<String>,
    /// Several values at a time
    #[arg(long, requires = "value_type")]
    pub(crate) multi: bool,
    /// A value that cannot change (a birthplace, who won): later words do not replace earlier ones, they contradict them
    #[arg(long, requires = "value_type")]
    pub(crate) fixed: bool,
    /// Two values where not the one is the other; none: not even true and false
    #[arg(long, value_name = "A,B|none", requires = "value_type")]
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
    /// List what was taken back too
    #[arg(long, conflicts_with = "key")]
    pub(crate) all: bool,
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
    /// List what was taken back too
    #[arg(long, conflicts_with = "key")]
    pub(crate) all: bool,
    /// person, organisation, work or unnamed
    #[arg(long, value_name = "KIND", requires = "key")]
    pub(crate) kind: Option<String>,
    /// Keep it at the desk: answers that rest on it say "a source known to the desk", and it is not published
    #[arg(long, requires = "key")]
    pub(crate) private: bool,
    /// Its name for people
    #[arg(long, value_name = "TEXT", requires = "key")]
    pub(crate) label: Option<String>,
    /// Grade it: A to F
    #[arg(long, value_name = "A-F", requires = "key")]
    pub(crate) reliability: Option<String>,
    /// Day of the grade
    #[arg(long, value_name = "DATE", requires = "reliability")]
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

/// Arguments of `setting`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Settings: title, publisher, licence, url, language, and four_eyes (off, claims, verdicts or all), which makes what is
recorded from then on wait until another actor approves it.

Examples:
  annals setting                                     lists them
  annals setting title 'The siege of the embassy'
  annals setting four_eyes claims")]
pub(crate) struct SettingArgs {
    /// What to set; left out, all are shown
    pub(crate) name: Option<String>,
    /// To what; left out, it is shown
    #[arg(requires = "name")]
    pub(crate) value: Option<String>,
}

/// Arguments of `evidence`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
A captured copy is a file that somebody saved: a page, a PDF, a picture, an archive of pages (WARC, WACZ). It is kept in the
ledger's folder under its digest. annals never fetches a page itself.

A quote is looked for in what a reader of the copy sees. It may occur verbatim, but for spaces and typography, or but for word
breaks; these three hold. It may stand only in what the page does not show, which is told. It may differ in capitals, or not occur:
then `record` refuses it. A picture has no text: such a quote is not checked.

Examples:
  annals evidence                                          all copies
  annals evidence add page.html --url https://a.example/1 --captured-at 2024-11-24
  annals evidence show 9af3c2e1                            what is known of one, and its quotes
  annals evidence show 9af3c2e1 --text                     its text, as quotes are looked for in it
  annals evidence check                                    every quote against the copies of its claim")]
pub(crate) struct EvidenceArgs {
    #[command(subcommand)]
    pub(crate) act: Option<EvidenceCommand>,
}

/// What to do with captured copies.
#[derive(Debug, Subcommand)]
pub(crate) enum EvidenceCommand {
    /// Keep files as captured copies, and record that they are kept
    Add(EvidenceAddArgs),
    /// One copy: what is known of it, and the quotes taken from it
    Show {
        /// The beginning of its digest
        digest: String,
        /// Its text instead, as quotes are looked for in it
        #[arg(long)]
        text: bool,
    },
    /// Look for every quote in its copies; the exit code is 1 if one does not occur
    Check {
        /// Name the quotes that occur, too
        #[arg(long)]
        all: bool,
    },
}

/// Arguments of `evidence add`.
#[derive(Debug, Args)]
pub(crate) struct EvidenceAddArgs {
    /// The files
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Where the page was
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// Where an archive has it
    #[arg(long, value_name = "URL")]
    pub(crate) archive_url: Option<String>,
    /// When it was captured; a day may have a time, as 2024-11-23T19:00-04:00
    #[arg(long, value_name = "DATE")]
    pub(crate) captured_at: Option<String>,
    /// Leave it out of what is exported and published
    #[arg(long)]
    pub(crate) private: bool,
    /// A key of your own for it
    #[arg(long, value_name = "KEY")]
    pub(crate) id: Option<String>,
}
