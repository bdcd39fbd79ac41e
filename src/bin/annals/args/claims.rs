//! Flags of a claim.

use clap::Args;

/// Everything a claim can say beside what it is about.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[derive(Debug, Args)]
pub(crate) struct ClaimArgs {
    /// It happened on this date (2024-11-23, 2024-11, [2024-11-23,2024-11-24], 2024-11~ …)
    #[arg(long, value_name = "DATE", help_heading = "When it held")]
    pub(crate) on: Option<String>,
    /// It was observed to hold on this date
    #[arg(long, value_name = "DATE", help_heading = "When it held")]
    pub(crate) as_of: Option<String>,
    /// It held from this date on
    #[arg(long, value_name = "DATE", help_heading = "When it held")]
    pub(crate) from: Option<String>,
    /// It held until this date
    #[arg(long, value_name = "DATE", help_heading = "When it held")]
    pub(crate) until: Option<String>,
    /// All the periods there were, one flag each: a closed list
    #[arg(long, value_name = "DATE/DATE", help_heading = "When it held")]
    pub(crate) period: Vec<String>,
    /// The source gives no date
    #[arg(long, help_heading = "When it held")]
    pub(crate) undated: bool,
    /// It holds always
    #[arg(long, help_heading = "When it held")]
    pub(crate) timeless: bool,
    /// The start is an observation, not a change
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, value_name = "BOOL", help_heading = "When it held")]
    pub(crate) from_observed: Option<bool>,
    /// The end is an observation, not a change
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, value_name = "BOOL", help_heading = "When it held")]
    pub(crate) until_observed: Option<bool>,
    /// Time of day beside the date, such as 19:00..24:00-04:00
    #[arg(long, value_name = "HH:MM..HH:MM", help_heading = "When it held")]
    pub(crate) clock: Option<String>,
    /// How the date was arrived at, if the source does not give it so
    #[arg(long, value_name = "TEXT", help_heading = "When it held")]
    pub(crate) dating_note: Option<String>,
    /// The origin: who said it
    #[arg(long, value_name = "SOURCE", help_heading = "Who says so")]
    pub(crate) said_by: Option<String>,
    /// What the origin did: witnessed, stated, announced, confirmed, alleged, reported, …
    #[arg(long, value_name = "WORD", help_heading = "Who says so")]
    pub(crate) how: Option<String>,
    /// When it was said or published; a day may have a time, as 2024-11-23T19:00-04:00
    #[arg(long, value_name = "DATE", help_heading = "Who says so")]
    pub(crate) said_on: Option<String>,
    /// Through whom it came, in order, one flag each
    #[arg(long, value_name = "SOURCE[:HOW[:DATE]]", help_heading = "Who says so")]
    pub(crate) via: Vec<String>,
    /// The source's very words; […] stands for what is left out. They must occur in the captured copy, as a reader sees it
    #[arg(long, value_name = "TEXT", help_heading = "What backs it")]
    pub(crate) quote: Option<String>,
    /// A captured copy: a file to keep in the ledger, or the digest of one that is kept. Quotes are looked for in plain text, HTML,
    /// PDF, WARC and WACZ (of an archive: in the answer of --url)
    #[arg(long, value_name = "FILE|DIGEST", help_heading = "What backs it")]
    pub(crate) evidence: Vec<String>,
    /// Record the quote although it does not occur in the captured copy
    #[arg(long, help_heading = "What backs it")]
    pub(crate) unverified_quote: bool,
    /// Where it was found
    #[arg(long, value_name = "URL", help_heading = "What backs it")]
    pub(crate) url: Option<String>,
    /// Language of the quote
    #[arg(long, value_name = "BCP47", help_heading = "What backs it")]
    pub(crate) lang: Option<String>,
    /// Say what would be recorded, and which answers would change; record nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// A note of yours
    #[arg(long, value_name = "TEXT", help_heading = "What backs it")]
    pub(crate) note: Option<String>,
    /// The source denies it
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, value_name = "BOOL")]
    pub(crate) deny: Option<bool>,
    /// Your own key for the claim, to refer to it later
    #[arg(long, value_name = "KEY")]
    pub(crate) id: Option<String>,
    /// Read the value as this type: text, symbol, bool, entity, quantity, date, url
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) value_type: Option<String>,
    /// Keep it at the desk: it counts in answers, and is neither published nor exported
    #[arg(long)]
    pub(crate) private: bool,
    /// Refuse subjects, attributes and sources that are not registered
    #[arg(long)]
    pub(crate) strict: bool,
    /// Record it although its source says otherwise for that day already
    #[arg(long)]
    pub(crate) anyway: bool,
    /// Record again what was retracted, corrected or rated false since it was recorded
    #[arg(long)]
    pub(crate) again: bool,
}

/// Arguments of `record`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
VALUE is read by the attribute's declared type; else by its look: true, false, a number with a unit (5, '51.95 %',
'>=5 persons', 5+, '4 to 6', '<=10', '~100'), @entity-key, date:2024-07-28, some, none, or text. What can be read in two
ways, such as 1,000, is refused with both. The first value of an attribute sets its unit; person and persons are one.

DATE is in EDTF: 2024-11-23, 2024-11, '[2024-11-23,2024-11-24]', 2024-11~. Here it may also be today, yesterday or
'8 September 2024'. What was taken is shown in EDTF.

SUBJECT and SOURCE are keys; the label or an alias of one that is registered is taken for its key.

Examples:
  annals record embassy electricity off --from '[2024-11-23,2024-11-24]' --said-by urruchurtu --how witnessed
  annals record asylum-seekers number-inside '>=5 persons' --as-of 2025-02 --said-by family --via daily:relayed
  annals record embassy under-siege true --period 2024-07-31/2024-09-01 --period 2024-09-07/2024-09-08 --said-by wiki
  annals record raid condemned-by @brazil --on 2024-09-07 --said-by brazil --deny")]
pub(crate) struct RecordArgs {
    /// What the claim is about: its key, label or alias
    pub(crate) subject: String,
    /// Key of the attribute
    pub(crate) attribute: String,
    /// The value
    #[arg(allow_negative_numbers = true)]
    pub(crate) value: String,
    #[command(flatten)]
    pub(crate) claim: ClaimArgs,
}

/// Arguments of `correct`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Each part that is not given is taken from the claim that is corrected: --from alone leaves the end as it is, --said-by
alone the rest of the chain. An empty text takes a part away: --until '' or --note ''.

Examples:
  annals correct c088 --from 2024-11-24 --reason 'typing error'
  annals correct 88 --value on --by urruchurtu --said-on 2024-11-25 --reason 'the outlet corrected itself'")]
pub(crate) struct CorrectArgs {
    /// The claim to correct: its number, its id or the start of its id
    pub(crate) target: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// The source that corrects itself; left out, the desk mends its own slip. --said-on then dates its correction
    #[arg(long, value_name = "SOURCE")]
    pub(crate) by: Option<String>,
    /// Your own key for the correction itself (--id is the new claim's)
    #[arg(long, value_name = "KEY")]
    pub(crate) correction_id: Option<String>,
    /// The new subject
    #[arg(long, value_name = "KEY")]
    pub(crate) subject: Option<String>,
    /// The new attribute
    #[arg(long, value_name = "KEY")]
    pub(crate) attribute: Option<String>,
    /// The new value
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    pub(crate) value: Option<String>,
    #[command(flatten)]
    pub(crate) claim: ClaimArgs,
}
