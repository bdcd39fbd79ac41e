//! A claim as typed or sent: strings, nothing checked.

use std::borrow::Cow;

use crate::value::Typed;

/// A string of a draft: borrowed from the line it came from, or owned.
pub type Word<'a> = Cow<'a, str>;

/// One link of an attribution chain as typed.
#[derive(Clone, Debug, Default)]
pub struct AttributionDraft<'a> {
    /// The source's key.
    pub who: Word<'a>,
    /// What it did; `stated` if left out.
    pub how: Option<Word<'a>>,
    /// When, in EDTF.
    pub on: Option<Word<'a>>,
}

/// One period of a closed list as typed.
#[derive(Clone, Debug)]
pub struct PeriodDraft<'a> {
    /// Where it starts, in EDTF.
    pub from: Word<'a>,
    /// Where it ends, in EDTF.
    pub until: Word<'a>,
}

/// A claim as typed. Field names are those of JSONL and of the command line's flags.
#[derive(Clone, Debug, Default)]
pub struct ClaimDraft<'a> {
    /// Key of the entity it is about.
    pub subject: Option<Word<'a>>,
    /// Key of the attribute.
    pub attribute: Option<Word<'a>>,
    /// The value.
    pub value: Option<Typed>,
    /// `affirm` (also if left out) or `deny`.
    pub polarity: Option<Word<'a>>,
    /// It happened then.
    pub on: Option<Word<'a>>,
    /// It was observed to hold then.
    pub as_of: Option<Word<'a>>,
    /// It held from.
    pub from: Option<Word<'a>>,
    /// `transition` (also if left out) or `observed`.
    pub from_kind: Option<Word<'a>>,
    /// It held until.
    pub until: Option<Word<'a>>,
    /// `transition` (also if left out) or `observed`.
    pub until_kind: Option<Word<'a>>,
    /// All the periods there were.
    pub periods: Option<Vec<PeriodDraft<'a>>>,
    /// The source gives no date.
    pub is_undated: bool,
    /// It holds always.
    pub is_timeless: bool,
    /// A window of the day: of the date, of the start, or of the end if there is no start.
    pub clock: Option<Word<'a>>,
    /// Attribution chain, origin first.
    pub chain: Vec<AttributionDraft<'a>>,
    /// When the source said it, in EDTF.
    pub said_on: Option<Word<'a>>,
    /// The source's very words.
    pub quote: Option<Word<'a>>,
    /// Digests of captured copies.
    pub evidence: Vec<Word<'a>>,
    /// Where it was found.
    pub url: Option<Word<'a>>,
    /// Language of the quote.
    pub lang: Option<Word<'a>>,
    /// How the date was arrived at.
    pub dating_note: Option<Word<'a>>,
    /// The checker's note.
    pub note: Option<Word<'a>>,
    /// The caller's own key for it.
    pub id: Option<Word<'a>>,
    /// Whether it is kept from everybody but the desk.
    pub is_private: bool,
}
